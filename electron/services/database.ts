// SQLite as Hearth uses it: one writer, every commit on the disk before it counts, forward-only numbered migrations.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ServiceError } from './serviceError.ts'

export interface DatabaseOptions {
  readonly file: string
  /** 32 bits in the file's header that say whose it is. */
  readonly applicationId: number
  /** SQL that leads from version n to n + 1; never changed once released. */
  readonly migrations: readonly string[]
  /** Opens what is there and writes nothing. */
  readonly readOnly?: boolean
}

/** Versions before 3.51.3 can lose commits of a write-ahead log that is reset while another connection reads it. */
const oldestSqlite = [3, 51, 3] as const

/** Opens and brings to the newest version. Throws ServiceError store-unusable for a file of another program or a newer Hearth. */
export function openDatabase({ file, applicationId, migrations, readOnly = false }: DatabaseOptions): DatabaseSync {
  if (!readOnly) mkdirSync(dirname(file), { recursive: true })
  const database = new DatabaseSync(file, { readOnly, timeout: 5000 })
  try {
    checkSqlite(database)
    database.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA foreign_keys=ON')
    const owner = numberOf(database, 'application_id')
    const version = numberOf(database, 'user_version')
    if (owner !== applicationId && !(owner === 0 && version === 0))
      throw unusable(file, 'it belongs to another program')
    if (version > migrations.length) throw unusable(file, 'a newer version of Hearth made it')
    if (readOnly && version < migrations.length) throw unusable(file, 'an older version of Hearth made it')
    if (!readOnly) {
      database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000')
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

/** Runs work as one transaction: all of it or nothing. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    database.exec('ROLLBACK')
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
