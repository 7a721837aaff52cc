// Where tests put files that need not outlive them: in memory where the system has such a place, because syncing costs nothing there.
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'

export const quickFolder = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
