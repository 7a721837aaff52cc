// Opens the chats' file, whatever has become of it.
import { existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { ChatsNotice } from '../../../shared/chats/types.ts'
import { openDatabase } from '../database.ts'
import { makeBackup } from './backups.ts'
import { soundnessOf } from './check.ts'
import { listBackups, namesIn, type Places, setAsideName } from './places.ts'
import { Damage, isDamage } from './problems.ts'
import { endUndo } from './removals.ts'
import { restore } from './restore.ts'
import { applicationId, functions } from './schema.ts'

export interface OpenFileOptions {
  readonly places: Places
  readonly migrations: readonly string[]
  readonly run: string
  readonly nowMs: number
  /** Look at every page, because something was wrong. */
  readonly isSuspect: boolean
  /** Told of damage. */
  readonly report: (error: unknown) => void
}

export interface OpenedFile {
  readonly database: DatabaseSync
  readonly notice: ChatsNotice
  readonly isReadOnly: boolean
}

export function openFile(options: OpenFileOptions): OpenedFile {
  try {
    return { database: openSound(options), notice: { kind: 'none' }, isReadOnly: false }
  } catch (error) {
    if (error instanceof Newer) return openNewer(options, error)
    if (!isDamage(error)) throw error
    options.report(error)
    const notice = restore(options)
    return { database: openSound(options), notice, isReadOnly: false }
  }
}

class Newer extends Error {}

function openSound(options: OpenFileOptions): DatabaseSync {
  const { places, migrations, nowMs, run } = options
  const isUnclean = checkOutside(places) || options.isSuspect
  const hasBadIndex = existsSync(places.file) && checkInside(options, isUnclean)
  const database = openDatabase({
    file: places.file,
    applicationId,
    migrations,
    functions,
    beforeMigrating: (old, version) => makeBackup(old, places, nowMs, version),
  })
  try {
    database.exec('PRAGMA secure_delete=ON')
    if (hasBadIndex) database.exec("INSERT INTO message_words (message_words) VALUES ('delete-all')")
    database.exec(`UPDATE message SET sought = sought_of(text, input), signs = signs_of(text, input), state = 'interrupted'
      WHERE state = 'streaming'`)
    if (hasBadIndex) database.exec("INSERT INTO message_words (message_words) VALUES ('rebuild')")
    // What was wiped is still in the log until the log is written over.
    if (endUndo(database, run)) database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Whether the last process was ended before it closed the file: then its log is left. */
function checkOutside(places: Places): boolean {
  const { file, folder } = places
  const sizeOf = (path: string) => (existsSync(path) ? statSync(path).size : null)
  const [size, logSize] = [sizeOf(file), sizeOf(`${file}-wal`) ?? 0]
  const hasMore = listBackups(places).length > 0 || namesIn(folder).some((name) => setAsideName.test(name))
  if (size === null && (hasMore || logSize > 0)) throw new Damage('it is missing')
  if (size === 0 && (hasMore || logSize > 0)) throw new Damage('it is empty')
  return logSize > 0
}

/** Changes nothing: what is damaged is kept as it was found. Whether the index of words has to be made again. */
function checkInside({ places, migrations }: OpenFileOptions, isUnclean: boolean): boolean {
  using database = lookInto(places.file)
  const number = (pragma: string) => Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0])
  const [owner, version] = [number('application_id'), number('user_version')]
  if (owner === 0 && version === 0 && number('page_count') <= 1) return false
  if (owner !== applicationId) throw new Damage('it belongs to another program')
  if (version > migrations.length) throw new Newer('a newer version of Hearth made it')
  const found = isUnclean ? soundnessOf(database, 'quick') : { kind: 'sound' as const }
  if (found.kind === 'damaged') throw new Damage(found.detail)
  return found.kind === 'index'
}

function lookInto(file: string): DatabaseSync {
  const open = (readOnly: boolean) => {
    const database = new DatabaseSync(file, { readOnly, timeout: 5000 })
    try {
      database.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA user_version')
      return database
    } catch (error) {
      database.close()
      throw error
    }
  }
  try {
    return open(true)
  } catch (error) {
    if (isDamage(error)) throw error
    // A process that was killed while it made the file has left a journal, which only a writer can deal with.
    return open(false)
  }
}

function openNewer({ places }: OpenFileOptions, newer: Newer): OpenedFile {
  const database = openDatabase({ file: places.file, applicationId, migrations: [], readOnly: true, allowsNewer: true })
  return { database, notice: { kind: 'read-only', detail: newer.message }, isReadOnly: true }
}
