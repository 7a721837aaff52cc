// One writer at a time for a models folder, which two data folders may share. The lock is an open transaction on a tiny database: the system gives it up when
// its process ends, however it ends, on every platform.
import { mkdirSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { ServiceError } from '../serviceError.ts'
import { lockPath } from './storePaths.ts'

/** Throws ServiceError store-in-use while another process has it, store-unusable where the folder cannot be written. */
export function lockStore(storeFolder: string): Disposable {
  let database: DatabaseSync | null = null
  try {
    mkdirSync(storeFolder, { recursive: true })
    database = new DatabaseSync(lockPath(storeFolder), { timeout: 0 })
    database.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    database?.close()
    const { errcode, message } = cause as { readonly errcode?: number; readonly message: string }
    // SQLITE_BUSY, with or without its extended code.
    if (errcode !== undefined && (errcode & 0xff) === 5)
      throw new ServiceError({ code: 'store-in-use', detail: `another Hearth writes to ${storeFolder}` }, { cause })
    throw new ServiceError({ code: 'store-unusable', detail: `${storeFolder}: ${message}` }, { cause })
  }
  const held = database
  return { [Symbol.dispose]: () => held.close() }
}
