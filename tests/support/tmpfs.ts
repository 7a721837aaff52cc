// A small disk of its own for tests that need one: another disk to move to, one that is full, one that cannot be written. Needs root on Linux.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk extends Disposable {
  readonly folder: string
  remount(mode: 'ro' | 'rw'): void
}

/** null where this user may not mount; the reason is printed once. */
export function mountSmallDisk(sizeMiB: number): SmallDisk | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return refused('only root on Linux mounts')
  const folder = join(mkdtempSync(join(tmpdir(), 'hearth-disk-')), 'disk')
  mkdirSync(folder)
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMiB}m`, 'tmpfs', folder], {
    encoding: 'utf8',
  })
  if (status !== 0) return refused(stderr?.trim() ?? 'no mount program')
  return {
    folder,
    remount: (mode) => {
      const done = spawnSync('mount', ['-o', `remount,${mode}`, folder], { encoding: 'utf8' })
      if (done.status !== 0) throw new Error(done.stderr)
    },
    [Symbol.dispose]: () => {
      spawnSync('umount', ['-l', folder])
      rmSync(join(folder, '..'), { recursive: true, force: true })
    },
  }
}

let isTold = false

function refused(reason: string): null {
  if (!isTold) console.warn(`left out: a disk of its own cannot be mounted here: ${reason}`)
  isTold = true
  return null
}
