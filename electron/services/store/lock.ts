// One writer at a time for a models folder, which two data folders may share.
import { mkdirSync } from 'node:fs'
import { holdLock } from '../lockFile.ts'
import { ServiceError } from '../serviceError.ts'
import { lockPath } from './storePaths.ts'

/** Throws ServiceError store-in-use while another process has it, store-unusable where the folder cannot be written. */
export function lockStore(storeFolder: string): Disposable {
  let held: Disposable | null = null
  try {
    mkdirSync(storeFolder, { recursive: true })
    held = holdLock(lockPath(storeFolder))
  } catch (cause) {
    throw new ServiceError({ code: 'store-unusable', detail: `${storeFolder}: ${(cause as Error).message}` }, { cause })
  }
  if (held === null) throw new ServiceError({ code: 'store-in-use', detail: `another Hearth writes to ${storeFolder}` })
  return held
}
