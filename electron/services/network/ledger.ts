// The network ledger on the disk: a row before a request leaves, completed when its answer has ended. Nothing else in Hearth reaches a network, so this is
// everything the app ever asked for; a row that was never completed belongs to a process that ended first.
import type { DatabaseSync } from 'node:sqlite'
import type { LedgerEntry } from '../../../shared/network.ts'
import { openDatabase } from '../database.ts'

export interface Ledger extends Disposable {
  /** Gives the entry's id. */
  begin(request: Pick<LedgerEntry, 'startedAtMs' | 'method' | 'host' | 'path' | 'purpose' | 'withToken'>): number
  end(id: number, outcome: Pick<LedgerEntry, 'status' | 'receivedBytes' | 'durationMs' | 'problem'>): void
  /** Newest first, of those before an id. */
  page(page: { readonly beforeId: number | null; readonly limit: number }): readonly LedgerEntry[]
}

/** `HrNl` in the file's header. */
const applicationId = 0x48_72_4e_6c
const migrations = [
  `CREATE TABLE requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at_ms REAL NOT NULL,
    method TEXT NOT NULL,
    host TEXT NOT NULL,
    path TEXT NOT NULL,
    purpose TEXT NOT NULL,
    with_token INTEGER NOT NULL,
    status INTEGER,
    received_bytes INTEGER NOT NULL DEFAULT 0,
    duration_ms REAL,
    problem TEXT
  ) STRICT`,
] as const

/** Throws ServiceError store-unusable. The file may be shared by processes. */
export function openLedger(file: string): Ledger {
  const database: DatabaseSync = openDatabase({ file, applicationId, migrations })
  const insert = database.prepare(
    'INSERT INTO requests (started_at_ms, method, host, path, purpose, with_token) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const update = database.prepare(
    'UPDATE requests SET status = ?, received_bytes = ?, duration_ms = ?, problem = ? WHERE id = ?',
  )
  const select = database.prepare('SELECT * FROM requests WHERE id < ? ORDER BY id DESC LIMIT ?')
  return {
    begin({ startedAtMs, method, host, path, purpose, withToken }) {
      return Number(insert.run(startedAtMs, method, host, path, purpose, withToken ? 1 : 0).lastInsertRowid)
    },
    end: (id, { status, receivedBytes, durationMs, problem }) =>
      void update.run(status, receivedBytes, durationMs, problem?.slice(0, 500) ?? null, id),
    page: ({ beforeId, limit }) => select.all(beforeId ?? Number.MAX_SAFE_INTEGER, limit).map(entryOf),
    [Symbol.dispose]: () => database.close(),
  }
}

function entryOf(row: Readonly<Record<string, unknown>>): LedgerEntry {
  return {
    id: Number(row.id),
    startedAtMs: Number(row.started_at_ms),
    method: String(row.method),
    host: String(row.host),
    path: String(row.path),
    purpose: String(row.purpose),
    withToken: row.with_token === 1,
    status: row.status === null ? null : Number(row.status),
    receivedBytes: Number(row.received_bytes),
    durationMs: row.duration_ms === null ? null : Number(row.duration_ms),
    problem: row.problem === null ? null : String(row.problem),
  }
}
