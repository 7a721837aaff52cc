// A chats folder with many messages, what a kill would leave of it, and ways to damage it.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { chatColumns, chatValues, messageColumns, messageValues } from '../../electron/services/chats/rows.ts'
import { applicationId, migrations } from '../../electron/services/chats/schema.ts'
import { openDatabase } from '../../electron/services/database.ts'
import type { Chat, Message } from '../../shared/chats/types.ts'
import { chatNamed, keptChats, messageIn } from './chats.ts'

export interface Written {
  readonly chat: Chat
  readonly messages: readonly Message[]
}

/** Chats of `messagesEach` messages of some hundred characters. */
export function writeChats(folder: string, chats: number, messagesEach: number): readonly Written[] {
  using kept = keptChats({ folder })
  return Array.from({ length: chats }, (_, number) => {
    const chat = chatNamed(`Chat ${number}`)
    let parentId: string | null = null
    const messages = Array.from({ length: messagesEach }, (_, index) => {
      const text = `message ${index} of chat ${number}: ${`castle${number} garden${index} `.repeat(12)}`
      const message = messageIn(chat.id, text, { parentId, role: index % 2 === 0 ? 'user' : 'assistant' })
      parentId = message.id
      return message
    })
    kept.create({ ...chat, leafId: parentId }, messages)
    return { chat: { ...chat, leafId: parentId }, messages }
  })
}

/** A chat in a file as the first version of the schema kept it. */
export function firstForm(folder: string, chat: Chat, messages: readonly Message[]): void {
  mkdirSync(folder, { recursive: true })
  using database = openDatabase({
    file: join(folder, 'chats.db'),
    applicationId,
    migrations: migrations.slice(0, 1),
  })
  const insert = (table: string, columns: string, values: readonly (string | number | null)[]) =>
    database.prepare(`INSERT INTO ${table} (${columns}) VALUES (${values.map(() => '?')})`).run(...values)
  insert('chat', chatColumns, chatValues(chat))
  const columns = messageColumns.split(', ')
  for (const message of messages) {
    const values = messageValues(message)
    const old = columns.flatMap((column, index) =>
      column === 'signs' ? [] : [[column, values[index] ?? null] as const],
    )
    // What touches a sign was not there either.
    const written = old.map(([column, value]) =>
      column === 'sought' && !/\p{sc=Han}/u.test(message.text) ? null : value,
    )
    insert('message', old.map(([column]) => column).join(', '), written)
  }
}

/** What is in `to` afterwards is what a process that is killed now would leave in `from`. */
export function copyAsKilled(from: string, to: string): void {
  for (const name of ['chats.db', 'chats.db-wal']) {
    const path = join(from, name)
    mkdirSync(to, { recursive: true })
    if (existsSync(path)) copyFileSync(path, join(to, name))
  }
}

/** Paths of files, in folders within too, that have the text anywhere in their bytes. A running app removes some while they are read. */
export function filesWith(folder: string, text: string): readonly string[] {
  const all = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = all.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
  return paths.filter((path) => bytesOf(path).includes(text))
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

/** Numbers of the pages of a table or index. */
export function pagesOf(file: string, name: string): readonly number[] {
  using database = new DatabaseSync(file, { readOnly: true })
  const rows = database.prepare('SELECT pageno FROM dbstat WHERE name = ? ORDER BY pageno').all(name)
  return rows.map(({ pageno }) => Number(pageno))
}

export const pageBytes = 4096

export function overwrite(file: string, start: number, bytes: Uint8Array): void {
  const content = readFileSync(file)
  content.set(bytes.subarray(0, Math.max(0, content.length - start)), start)
  writeFileSync(file, content)
}
