// A temporary folder on a disk in memory, where there is one: for tests that sync very often and are not about this computer's disk.
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const shared = '/dev/shm'

export function memoryFolder(prefix: string): string {
  return mkdtempSync(join(existsSync(shared) ? shared : tmpdir(), prefix))
}
