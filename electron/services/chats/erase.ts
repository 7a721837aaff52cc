// Takes what was removed for good out of the copies of before, too. Each copy stays, without it: a new one is written beside it, checked, brought to the disk and
// renamed over it, so that a process that is killed leaves either, whole. Only names of what was removed are kept until no copy has it.
import { copyFileSync, renameSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { transaction } from '../database.ts'
import { checkCopy, makeBackup, removeDatabase, sync, syncFolder, unfinishedPath } from './backups.ts'
import { type Backup, listBackups, type Places } from './places.ts'
import { isDamage } from './problems.ts'

const tables = ['message', 'chat', 'library_item', 'folder'] as const
/** Of a row of `erasing`: nobody has brought it back. */
export const isGone = tables
  .map((table) => `NOT EXISTS (SELECT 1 FROM ${table} WHERE ${table}.id = erasing.id)`)
  .join(' AND ')

/** What is removed for good, because it was in another run of the app; null: in any. */
export function idsToErase(database: DatabaseSync, run: string | null): readonly string[] {
  const rows = database.prepare(`SELECT id FROM erasing WHERE run IS NOT ? AND ${isGone}`).all(run)
  return rows.map(({ id }) => String(id))
}

/** Within a transaction, in a file of any version of the schema. */
export function removeIds(database: DatabaseSync, ids: readonly string[]): void {
  const given = JSON.stringify(ids)
  for (const table of tables)
    database.prepare(`DELETE FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`).run(given)
  database.exec(`UPDATE message SET parent_id = NULL WHERE parent_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM message AS parent WHERE parent.id = message.parent_id AND parent.chat_id = message.chat_id)`)
}

/**
 * No copy has them afterwards. A copy that is damaged cannot be cleaned: it goes, once there is one that is sound.
 * @param database the chats themselves, to copy where no copy is sound
 */
export function eraseFromCopies(
  database: DatabaseSync,
  places: Places,
  ids: readonly string[],
  nowMs: number,
): readonly string[] {
  if (ids.length === 0) return ids
  const damaged = listBackups(places).filter((backup) => isDamaged(() => clean(places, backup, ids)))
  if (damaged.length === 0) return ids
  const sound = listBackups(places).filter(({ path }) => damaged.every((one) => one.path !== path))
  if (!sound.some(({ path }) => !isDamaged(() => checkCopy(path)))) makeBackup(database, places, nowMs)
  for (const { path } of damaged) removeDatabase(path)
  syncFolder(places.backups)
  return ids
}

function isDamaged(work: () => void): boolean {
  try {
    work()
    return false
  } catch (error) {
    if (isDamage(error)) return true
    throw error
  }
}

function clean(places: Places, { path }: Backup, ids: readonly string[]): void {
  if (!holdsAny(path, ids)) return
  const [work, fresh] = [unfinishedPath(places, 'work'), unfinishedPath(places, 'clean')]
  try {
    copyFileSync(path, work)
    {
      using database = new DatabaseSync(work, { timeout: 5000 })
      // A journal would be a file with what is removed.
      database.exec(`PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA foreign_keys=ON;
        PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA secure_delete=ON`)
      transaction(database, () => removeIds(database, ids))
      database.prepare('VACUUM INTO ?').run(fresh)
    }
    checkCopy(fresh)
    sync(fresh, 'r+')
    renameSync(fresh, path)
    syncFolder(places.backups)
  } finally {
    for (const unfinished of [work, fresh]) removeDatabase(unfinished)
  }
}

function holdsAny(path: string, ids: readonly string[]): boolean {
  using database = new DatabaseSync(path, { readOnly: true })
  database.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0')
  const given = JSON.stringify(ids)
  return tables.some(
    (table) =>
      database.prepare(`SELECT 1 FROM ${table} WHERE id IN (SELECT value FROM json_each(?)) LIMIT 1`).get(given) !==
      undefined,
  )
}
