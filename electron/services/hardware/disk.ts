// Room on the disk that holds a folder, which need not exist yet.
import { statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { HardwareReport } from '../../../shared/hardware.ts'

/** Of the nearest folder above that exists. Zeros where the system does not tell. */
export async function diskOf(folder: string): Promise<HardwareReport['disk']> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const found = await statfs(path).catch(() => null)
    if (found !== null) return { freeBytes: found.bavail * found.bsize, totalBytes: found.blocks * found.bsize }
    if (dirname(path) === path) return { freeBytes: 0, totalBytes: 0 }
  }
}
