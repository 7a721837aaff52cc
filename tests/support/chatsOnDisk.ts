// A chats folder with many messages, what a kill would leave of it, and ways to damage it.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
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

/** What is in `to` afterwards is what a process that is killed now would leave in `from`. */
export function copyAsKilled(from: string, to: string): void {
  for (const name of ['chats.db', 'chats.db-wal']) {
    const path = join(from, name)
    mkdirSync(to, { recursive: true })
    if (existsSync(path)) copyFileSync(path, join(to, name))
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
