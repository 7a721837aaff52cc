// Writes what was read from a damaged file over what a backup knew.
import type { DatabaseSync } from 'node:sqlite'
import { type Chat, type Message, usualChatSettings } from '../../../shared/chats/types.ts'
import { transaction } from '../database.ts'
import { removeIds } from './erase.ts'
import { chatColumns, chatValues, messageColumns, messageValues } from './rows.ts'
import type { Salvaged } from './salvage.ts'

const marks = (columns: string) => columns.split(',').map(() => '?')
const assignments = (columns: string) =>
  columns
    .split(', ')
    .filter((column) => column !== 'id')
    .map((column) => `${column} = excluded.${column}`)

const upsert = (table: string, columns: string, key: string) =>
  `INSERT INTO ${table} (${columns}) VALUES (${marks(columns)}) ON CONFLICT (${key}) DO UPDATE SET ${assignments(columns)}`

export function putBack(database: DatabaseSync, { folders, chats, messages, records, items, erasing }: Salvaged): void {
  const folder = database.prepare(upsert('folder', 'id, name, position', 'id'))
  const chat = database.prepare(upsert('chat', `${chatColumns}, removed_in`, 'id'))
  const message = database.prepare(upsert('message', messageColumns, 'id'))
  const record = database.prepare('INSERT OR REPLACE INTO answer_record (message_id, record) VALUES (?, ?)')
  const item = database.prepare('INSERT OR REPLACE INTO library_item (id, name, item) VALUES (?, ?, ?)')
  const known = (table: 'folder' | 'chat' | 'message') => {
    const ids = database.prepare(`SELECT id FROM ${table}`).all()
    return new Set(ids.map(({ id }) => String(id)))
  }
  const erase = database.prepare('INSERT OR REPLACE INTO erasing (id, run) VALUES (?, ?)')
  transaction(database, () => {
    // The backup is older than the removal. What was brought back since is put back below.
    removeIds(
      database,
      erasing.map(({ id }) => id),
    )
    for (const { id, run } of erasing) erase.run(id, run)
    for (const [index, { id, name }] of folders.entries()) folder.run(id, name, index)
    const inFolders = known('folder')
    for (const { chat: one, removedIn } of chats) {
      const folderId = one.folderId !== null && inFolders.has(one.folderId) ? one.folderId : null
      chat.run(...chatValues({ ...one, folderId }), removedIn)
    }
    const inChats = known('chat')
    for (const one of messages) {
      if (!inChats.has(one.chatId)) chat.run(...chatValues(chatAround(one)), null)
      inChats.add(one.chatId)
      message.run(...messageValues(one))
    }
    // A message whose parent is lost begins a branch: its text is what matters.
    database.exec(`UPDATE message SET parent_id = NULL WHERE parent_id IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM message AS parent WHERE parent.id = message.parent_id AND parent.chat_id = message.chat_id)`)
    const inMessages = known('message')
    for (const one of records) if (inMessages.has(one.messageId)) record.run(one.messageId, JSON.stringify(one))
    for (const one of items) item.run(one.id, one.name, JSON.stringify(one))
  })
}

/** The chat of a message that outlived it. */
function chatAround({ id, chatId, createdAtMs }: Message): Chat {
  return {
    id: chatId,
    title: '',
    folderId: null,
    isPinned: false,
    createdAtMs,
    updatedAtMs: createdAtMs,
    leafId: id,
    draft: { text: '', input: '' },
    settings: usualChatSettings,
  }
}
