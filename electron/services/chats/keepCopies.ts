// What is done about copies every now and then: the day's copy, and taking out of all of them what was removed for good. It only reads the chats themselves.
import { DatabaseSync } from 'node:sqlite'
import { isBackupDue, makeBackup, sweep } from './backups.ts'
import { eraseFromCopies, idsToErase } from './erase.ts'
import { placesIn } from './places.ts'
import { isDamage } from './problems.ts'
import { migrations } from './schema.ts'

export interface CopiesOrder {
  /** Of the chats. */
  readonly folder: string
  readonly nowMs: number
  /** Of this run of the app: what was removed in it may still be brought back. */
  readonly run: string
}

export type CopiesOutcome =
  /** nothing: no copy was due. `erased`: no copy has them any more. */
  | { readonly kind: 'made' | 'nothing'; readonly erased: readonly string[] }
  | { readonly kind: 'damaged' | 'failed'; readonly detail: string }

/** Never throws. */
export function keepCopies({ folder, nowMs, run }: CopiesOrder): CopiesOutcome {
  try {
    const places = placesIn(folder)
    sweep(places)
    using database = new DatabaseSync(places.file, { readOnly: true, timeout: 5000 })
    database.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0')
    // There may be nothing to lose, and an empty copy would push out one that is not.
    const isDue = isBackupDue(places, nowMs) && database.prepare('SELECT 1 FROM message LIMIT 1').get() !== undefined
    if (isDue) makeBackup(database, places, nowMs)
    const isOurs = database.prepare('PRAGMA user_version').get()?.user_version === migrations.length
    const erased = isOurs ? eraseFromCopies(database, places, idsToErase(database, run), nowMs) : []
    return { kind: isDue ? 'made' : 'nothing', erased }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { kind: isDamage(error) ? 'damaged' : 'failed', detail }
  }
}
