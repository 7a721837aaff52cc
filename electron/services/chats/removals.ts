// What is removed: for how long it can be brought back, and until when its name is kept because copies of before may have it.
import type { DatabaseSync } from 'node:sqlite'
import { transaction } from '../database.ts'
import type { Chats } from './chats.ts'
import { idsToErase, isGone } from './erase.ts'

/** Removes for good what was removed in other runs; null: in every run. Whether there was anything. */
export function endUndo(database: DatabaseSync, run: string | null): boolean {
  const isOver = "removed_in IS NOT NULL AND removed_in <> coalesce(?, '')"
  return transaction(database, () => {
    database
      .prepare(`INSERT OR REPLACE INTO erasing (id, run) SELECT id, removed_in FROM chat WHERE ${isOver}`)
      .run(run)
    const { changes } = database.prepare(`DELETE FROM chat WHERE ${isOver}`).run(run)
    database.exec(`DELETE FROM erasing WHERE NOT (${isGone})`)
    if (run === null) database.exec("UPDATE erasing SET run = ''")
    return Number(changes) > 0
  })
}

export function createRemovals(
  database: DatabaseSync,
  run: string,
): Pick<Chats, 'endUndo' | 'erased' | 'removedItems'> {
  const forget = database.prepare('DELETE FROM erasing WHERE run <> ? AND id IN (SELECT value FROM json_each(?))')
  const removed = database.prepare('SELECT count(*) AS count FROM chat WHERE removed_in IS NOT NULL')
  return {
    endUndo() {
      endUndo(database, null)
      // What was wiped is still in the log until the log is written over.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    },
    erased(ids) {
      if (ids.length === 0) return
      // Deleted rows are overwritten, but pages keep traces of rows that were moved before they were deleted: only pages that are written anew have none.
      database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
      forget.run(run, JSON.stringify(ids))
    },
    removedItems: () => Number(removed.get()?.count) + idsToErase(database, null).length,
  }
}
