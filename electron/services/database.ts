// SQLite as Hearth uses it: one writer, every commit on the disk before it counts, forward-only numbered migrations.
import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { ServiceError } from './serviceError.ts'

export interface DatabaseOptions {
  readonly file: string
  /** 32 bits in the file's header that say whose it is. */
  readonly applicationId: number
  /** SQL that leads from version n to n + 1; never changed once released. */
  readonly migrations: readonly string[]
  /** What SQL may call, the same for the same values. */
  readonly functions?: Readonly<Record<string, (...values: unknown[]) => string | null>>
  /** Opens what is there and writes nothing. */
  readonly readOnly?: boolean
  /** Also reads what a newer Hearth made, as far as it can; only with `readOnly`. */
  readonly allowsNewer?: boolean
  /** Called before the first of some migrations, with the version that is there. */
  readonly beforeMigrating?: (database: DatabaseSync, version: number) => void
  /** How long to wait for a lock of another connection. */
  readonly timeoutMs?: number
}

/** Versions before 3.51.3 can lose commits of a write-ahead log that is reset while another connection reads it. */
const oldestSqlite = [3, 51, 3] as const

/** Opens and brings to the newest version. Throws ServiceError store-unusable for a file of another program or a newer Hearth. */
export function openDatabase(options: DatabaseOptions): DatabaseSync {
  const { file, applicationId, migrations, readOnly = false, allowsNewer = false } = options
  if (!readOnly) mkdirSync(dirname(file), { recursive: true })
  const database = connect(options)
  try {
    checkSqlite(database)
    database.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA foreign_keys=ON')
    for (const [name, work] of Object.entries(options.functions ?? {}))
      database.function(name, { deterministic: true, directOnly: true }, work)
    const owner = numberOf(database, 'application_id')
    const version = numberOf(database, 'user_version')
    if (owner !== applicationId && !(owner === 0 && version === 0))
      throw unusable(file, 'it belongs to another program')
    if (version > migrations.length && !allowsNewer) throw unusable(file, 'a newer version of Hearth made it')
    if (readOnly && version < migrations.length) throw unusable(file, 'an older version of Hearth made it')
    if (!readOnly) {
      database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000')
      if (version > 0 && version < migrations.length) options.beforeMigrating?.(database, version)
      for (const [index, sql] of migrations.entries()) {
        if (index < version) continue
        const step = `PRAGMA application_id=${applicationId}; PRAGMA user_version=${index + 1}`
        database.exec(`BEGIN IMMEDIATE; ${sql}; ${step}; COMMIT`)
      }
    }
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function connect({ file, readOnly = false, timeoutMs = 5000 }: DatabaseOptions): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly, timeout: timeoutMs })
  if (!readOnly) return database
  try {
    database.prepare('PRAGMA user_version').get()
    return database
  } catch (error) {
    database.close()
    // Even a reader has to write beside a write-ahead log, which a read-only disk refuses; without a log nobody writes there, and the file is all there is.
    if (!isCode(error, cannotOpen) || existsSync(`${file}-wal`)) throw error
    const unchanging = pathToFileURL(file)
    unchanging.searchParams.set('immutable', '1')
    return new DatabaseSync(unchanging, { readOnly })
  }
}

const cannotOpen = 14
const busy = 5

function isCode(error: unknown, code: number): boolean {
  return sqliteCode(error) === code
}

/** The primary code of an error of SQLite; null for another error. */
export function sqliteCode(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : null
}

/** Whether an error of SQLite says that another connection holds what was asked for. */
export function isBusy(error: unknown): boolean {
  return isCode(error, busy)
}

/** Runs work as one transaction: all of it or nothing. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // A disk that is full in the moment of the commit has rolled back by itself.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function checkSqlite(database: DatabaseSync): void {
  const text = String(database.prepare('SELECT sqlite_version() AS version').get()?.version)
  const version = text.split('.').map(Number)
  const difference = oldestSqlite.map((part, index) => (version[index] ?? 0) - part).find((part) => part !== 0) ?? 0
  if (difference < 0) throw new Error(`SQLite ${text} is too old, expected ${oldestSqlite.join('.')}`)
}

function numberOf(database: DatabaseSync, pragma: 'application_id' | 'user_version'): number {
  return Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma])
}

function unusable(file: string, detail: string): ServiceError {
  return new ServiceError({ code: 'store-unusable', detail: `${file}: ${detail}` })
}
