// Puts a good file in place of a damaged one. The damaged one is never changed: it is set aside under a name with the time. A process that is killed in
// between finds no file the next time, and goes on from here with the one that was set aside last.
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { ChatsNotice } from '../../../shared/chats/types.ts'
import { openDatabase } from '../database.ts'
import { removeDatabase, sync, syncFolder } from './backups.ts'
import { soundnessOf } from './check.ts'
import { type Backup, besides, listBackups, namesIn, type Places, setAsideName, timeText } from './places.ts'
import { putBack } from './putBack.ts'
import { salvage } from './salvage.ts'
import { applicationId, functions } from './schema.ts'

export interface RestoreOptions {
  readonly places: Places
  readonly migrations: readonly string[]
  readonly nowMs: number
}

/** Leaves a sound file in its place. */
export function restore({ places, migrations, nowMs }: RestoreOptions): ChatsNotice {
  const setAside = moveAside(places, nowMs)
  const unfinished = join(places.folder, '.restoring.db')
  const sample = join(places.folder, '.sample.db')
  const work = join(places.folder, '.reading.db')
  const open = () => openDatabase({ file: unfinished, applicationId, migrations, functions })
  try {
    for (const path of [unfinished, sample, work]) removeDatabase(path)
    openDatabase({ file: sample, applicationId, migrations, functions }).close()
    const found = setAside === null ? null : salvage(join(places.folder, setAside), work, sample)
    const backup = found?.isWhole === true ? null : copyNewestGood(places, unfinished)
    {
      using database = open()
      if (found !== null) putBack(database, found)
    }
    sync(unfinished, 'r+')
    renameSync(unfinished, places.file)
    syncFolder(places.folder)
    const recovered = found === null ? 'none' : found.isWhole ? 'all' : 'some'
    return { kind: 'restored', setAside: setAside ?? '', backupAtMs: backup?.atMs ?? null, recovered }
  } finally {
    for (const path of [unfinished, sample, work]) removeDatabase(path)
  }
}

/** The name of the damaged file now; null where there is none. */
function moveAside({ folder, file }: Places, nowMs: number): string | null {
  const isThere = existsSync(file)
  const before = namesIn(folder).findLast((name) => setAsideName.test(name))
  const name = isThere ? `damaged-${timeText(nowMs)}.db` : (before ?? null)
  if (isThere && name !== null) renameSync(file, join(folder, name))
  // A log that stayed behind would be taken for that of the file that comes here.
  for (const beside of besides) {
    const [from, to] = [`${file}${beside}`, join(folder, `${name ?? `damaged-${timeText(nowMs)}.db`}${beside}`)]
    if (!existsSync(from)) continue
    if (existsSync(to)) rmSync(from)
    else renameSync(from, to)
  }
  syncFolder(folder)
  return name
}

/** Copies the newest backup that is sound; null where none is. */
function copyNewestGood(places: Places, to: string): Backup | null {
  for (const backup of listBackups(places)) {
    try {
      copyFileSync(backup.path, to)
      using copy = new DatabaseSync(to, { readOnly: true })
      if (isOurs(copy) && soundnessOf(copy, 'whole').kind !== 'damaged') return backup
    } catch {
      // An older one may be better.
    }
    removeDatabase(to)
  }
  return null
}

function isOurs(database: DatabaseSync): boolean {
  return database.prepare('PRAGMA application_id').get()?.application_id === applicationId
}
