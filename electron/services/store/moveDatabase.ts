// The database's way into the new folder: SQLite writes a copy while the old one stays open, so that a commit is in both or in neither.
import { statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { isWithin } from './moveTree.ts'
import { openStoreDatabase } from './schema.ts'
import { blobPath, databasePath } from './storePaths.ts'

/** Throws where content that has a row is not in the new folder in its size. Synchronous: nothing is committed between copy and check. */
export function copyDatabase(database: DatabaseSync, from: string, to: string): void {
  database.prepare('VACUUM INTO ?').run(databasePath(to))
  const copy = openStoreDatabase(to)
  try {
    for (const row of copy.prepare('SELECT sha256, size_bytes FROM blob').all()) {
      const path = blobPath(to, String(row.sha256))
      const old = statSync(blobPath(from, String(row.sha256)), { throwIfNoEntry: false })
      // Damage that was there before comes along; what verifying finds stays what it finds.
      if (statSync(path, { throwIfNoEntry: false })?.size !== old?.size) throw new Error(`${path} did not arrive`)
    }
    const move = copy.prepare('UPDATE model_file SET in_place = ? WHERE in_place = ?')
    for (const row of copy.prepare('SELECT DISTINCT in_place FROM model_file WHERE in_place IS NOT NULL').all()) {
      const path = String(row.in_place)
      if (isWithin(from, path)) move.run(join(to, relative(from, path)), path)
    }
    copy.exec('PRAGMA journal_mode=DELETE')
  } finally {
    copy.close()
  }
}
