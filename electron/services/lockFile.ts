// A lock between processes: an open transaction on a tiny database. The system gives it up when its process ends, however it ends, on every platform.
import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './database.ts'

/** null while another process holds it. Throws where the file cannot be made. */
export function holdLock(path: string): Disposable | null {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (isBusy(error)) return null
    throw error
  }
  return { [Symbol.dispose]: () => database.close() }
}
