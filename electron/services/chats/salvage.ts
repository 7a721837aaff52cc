// Reads what can be read from a damaged file: every row on every page that still makes sense, decoded like anything that comes from outside.
import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import {
  type AnswerRecord,
  answerRecord,
  type Chat,
  type ChatFolder,
  chat,
  chatFolder,
  type LibraryItem,
  libraryItem,
  type Message,
  message,
} from '../../../shared/chats/types.ts'
import { removeDatabase } from './backups.ts'
import { chatColumns, chatOf, messageOf, readColumns } from './rows.ts'

export interface Salvaged {
  /** Nothing is missing, as far as the file's own indexes know. */
  readonly isWhole: boolean
  readonly folders: readonly ChatFolder[]
  readonly chats: readonly { readonly chat: Chat; readonly removedIn: string | null }[]
  /** In the order they were written. */
  readonly messages: readonly Message[]
  readonly records: readonly AnswerRecord[]
  readonly items: readonly LibraryItem[]
  /** What copies of before may still have and a person has removed. */
  readonly erasing: readonly { readonly id: string; readonly run: string }[]
}

type Row = Readonly<Record<string, unknown>>

/** The header of a sound file, and its whole first page: tried in place of damaged ones. */
const replacedBytes = [0, 100, 4096] as const

/** Works on a copy of `damaged` at `workPath`. `sample`: an empty chats file. null: nothing could be read. */
export function salvage(damaged: string, workPath: string, sample: string): Salvaged | null {
  let best: Salvaged | null = null
  for (const bytes of replacedBytes) {
    try {
      copyForWork(damaged, workPath, readFileSync(sample).subarray(0, bytes))
      using database = new DatabaseSync(workPath)
      database.exec('PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0')
      const found = readAll(database)
      if (found.messages.length + found.chats.length > (best === null ? 0 : best.messages.length + best.chats.length))
        best = bytes === 0 ? found : { ...found, isWhole: false }
      if (best?.isWhole) return best
    } catch {
      // Not a database in this form: the next one may be.
    } finally {
      removeDatabase(workPath)
    }
  }
  return best
}

function copyForWork(damaged: string, workPath: string, start: Uint8Array): void {
  copyFileSync(damaged, workPath)
  try {
    copyFileSync(`${damaged}-wal`, `${workPath}-wal`)
  } catch {
    // It had no log.
  }
  // SQLite throws a log away that lies beside an empty file, though the log may hold every page.
  if (statSync(workPath).size === 0) truncateSync(workPath, 4096)
  if (start.length > 0) {
    const bytes = readFileSync(workPath)
    bytes.set(start.subarray(0, bytes.length))
    // The number of pages: of the sample. None means: as long as the file.
    bytes.fill(0, 28, 32)
    writeFileSync(workPath, bytes)
  }
}

function readAll(database: DatabaseSync): Salvaged {
  const folders = readTable(database, 'folder', 'id, name', (row) =>
    chatFolder.safeParse({ id: row.id, name: row.name }),
  )
  const chats = readTable(database, 'chat', `${chatColumns}, removed_in`, (row) => {
    const decoded = chat.safeParse(chatOf(row))
    const removedIn = typeof row.removed_in === 'string' ? row.removed_in : null
    return decoded.success ? { data: { chat: decoded.data, removedIn } } : {}
  })
  const messages = readTable(database, 'message', readColumns, (row) => message.safeParse(messageOf(row)))
  const records = readTable(database, 'answer_record', 'record', (row) =>
    answerRecord.safeParse(JSON.parse(String(row.record))),
  )
  const items = readTable(database, 'library_item', 'item', (row) =>
    libraryItem.safeParse(JSON.parse(String(row.item))),
  )
  const tables = [folders, chats, messages, records, items]
  return {
    isWhole: tables.every(({ isWhole }) => isWhole) && hasAsMany(database, messages.rows.length),
    folders: folders.rows,
    chats: chats.rows,
    messages: messages.rows,
    records: records.rows,
    items: items.rows,
    erasing: readErasing(database),
  }
}

/** Files of the first form have none. */
function readErasing(database: DatabaseSync): Salvaged['erasing'] {
  const has = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'erasing'").get() !== undefined
  if (!has) return []
  const { rows } = readTable(database, 'erasing', 'id, run', ({ id, run }) => ({
    data: { id: String(id), run: String(run) },
  }))
  return rows
}

/** An index has a page for each message too, elsewhere in the file. */
function hasAsMany(database: DatabaseSync, count: number): boolean {
  try {
    const row = database.prepare('SELECT count(*) AS count FROM message INDEXED BY message_by_chat').get()
    return row?.count === count
  } catch {
    return false
  }
}

const mostJumps = 400

/** By row number: behind a page that cannot be read it goes on with the next number, then with numbers further and further away. */
function readTable<T>(
  database: DatabaseSync,
  table: string,
  columns: string,
  decode: (row: Row) => { readonly data?: T | undefined },
): { readonly rows: readonly T[]; readonly isWhole: boolean } {
  const rows: T[] = []
  let [from, isWhole, jumps, step] = [Number.MIN_SAFE_INTEGER, true, 0, 1]
  while (jumps < mostJumps && from < Number.MAX_SAFE_INTEGER) {
    try {
      const all = database.prepare(
        `SELECT rowid AS row_number, ${columns} FROM ${table} WHERE rowid >= ? ORDER BY rowid`,
      )
      for (const row of all.iterate(from)) {
        from = Number(row.row_number) + 1
        step = 1
        const data = decoded(decode, row)
        if (data === undefined) isWhole = false
        else rows.push(data)
      }
      return { rows, isWhole }
    } catch {
      isWhole = false
      jumps++
      from = Math.max(from, 0) + step
      step *= 2
    }
  }
  return { rows, isWhole: false }
}

function decoded<T>(decode: (row: Row) => { readonly data?: T | undefined }, row: Row): T | undefined {
  try {
    return decode(row).data
  } catch {
    return undefined
  }
}
