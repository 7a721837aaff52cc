// electron-builder calls this between packing and signing. It carries an older @electron/fuses of its own that does not know every fuse.
import { join } from 'node:path'
import { flipFuses } from '@electron/fuses'
import { fusesFor } from './fuses.ts'

/** @param {import('app-builder-lib').AfterPackContext} context */
export async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const names = {
    darwin: `${packager.appInfo.productFilename}.app`,
    win32: `${packager.appInfo.productFilename}.exe`,
    linux: packager.executableName,
  }
  const name = names[electronPlatformName]
  if (name === undefined) throw new Error(`no fuses are known for ${electronPlatformName}`)
  await flipFuses(join(appOutDir, name), fusesFor(electronPlatformName))
}
