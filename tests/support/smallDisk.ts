// A quick place for files, and a disk of a few megabytes for tests of full and read-only disks: a tmpfs, which only root on Linux may mount. Root ignores the permissions of files, but not
// a disk that is mounted read-only.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** In memory where the system has such a place: syncing costs nothing there. */
export const quickFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

export interface SmallDisk extends Disposable {
  readonly folder: string
  makeReadOnly(): void
}

/** Mounts an empty disk; disposing takes it away. */
export function mountSmall(sizeBytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'hearth-test', folder], { stdio: 'pipe' })
  return {
    folder,
    makeReadOnly: () => void execFileSync('mount', ['-o', 'remount,ro', folder], { stdio: 'pipe' }),
    [Symbol.dispose]() {
      execFileSync('umount', ['--lazy', folder], { stdio: 'pipe' })
      rmdirSync(folder)
    },
  }
}

/** Whether this process may mount; says so when it may not. */
export const canMount = mayMount()

function mayMount(): boolean {
  try {
    mountSmall(2 ** 20)[Symbol.dispose]()
    return true
  } catch {
    console.info('skipped: tests on a small disk of their own (mounting a tmpfs needs root on Linux)')
    return false
  }
}
