// Whether this machine has a GPU, asked of its device files: before Chromium starts nobody else can tell.
import { existsSync, readdirSync } from 'node:fs'

/** True when the machine shows a GPU device. macOS and Windows always have an adapter; on Linux it is a render node or a driver's device file. */
export function hasHardwareAdapter(platform: NodeJS.Platform = process.platform, devices = '/dev'): boolean {
  if (platform !== 'linux') return true
  const folder = `${devices}/dri`
  const renderNode = existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('renderD'))
  return renderNode || existsSync(`${devices}/nvidiactl`) || existsSync(`${devices}/dxg`)
}
