// A thread that makes the day's copy of the chats: it only reads the file, so that requests are answered meanwhile.
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { isBackupDue, makeBackup } from './backups.ts'
import { placesIn } from './places.ts'
import { isDamage } from './problems.ts'

export interface BackupOrder {
  /** Of the chats. */
  readonly folder: string
  readonly nowMs: number
}

/** nothing: none was due. */
export type BackupOutcome =
  | { readonly kind: 'made' | 'nothing' }
  | { readonly kind: 'damaged' | 'failed'; readonly detail: string }

function backUp({ folder, nowMs }: BackupOrder): BackupOutcome {
  try {
    const places = placesIn(folder)
    if (!isBackupDue(places, nowMs)) return { kind: 'nothing' }
    using database = new DatabaseSync(places.file, { readOnly: true, timeout: 5000 })
    database.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0')
    // There is nothing to lose, and an empty copy would push out one that is not.
    if (database.prepare('SELECT 1 FROM message LIMIT 1').get() === undefined) return { kind: 'nothing' }
    makeBackup(database, places, nowMs)
    return { kind: 'made' }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { kind: isDamage(error) ? 'damaged' : 'failed', detail }
  }
}

parentPort?.postMessage(backUp(workerData as BackupOrder))
