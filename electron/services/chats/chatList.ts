// Chats themselves, their folders and the library: the list, and what changes in it.
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { ChatChange, ChatSummary, LibraryItem } from '../../../shared/chats/types.ts'
import { transaction } from '../database.ts'
import { ServiceError } from '../serviceError.ts'
import type { Chats, ChatsState, WholeChat } from './chats.ts'
import type { Messages } from './messages.ts'
import type { Records } from './records.ts'
import { chatColumns, chatOf, chatValues, kept } from './rows.ts'
import { titleColumn, titleOf } from './title.ts'

export type ChatList = Pick<
  Chats,
  | 'overview'
  | 'open'
  | 'create'
  | 'createAll'
  | 'change'
  | 'remove'
  | 'restore'
  | 'putFolder'
  | 'removeFolder'
  | 'putItem'
  | 'removeItem'
>

export function createChatList(
  database: DatabaseSync,
  messages: Messages,
  records: Records,
  state: ChatsState,
): ChatList {
  const summaries =
    database.prepare(`SELECT id, folder_id, is_pinned, created_at_ms, updated_at_ms, ${titleColumn} AS title,
      (SELECT count(*) FROM message WHERE chat_id = chat.id) AS messages
    FROM chat WHERE removed_in IS NULL ORDER BY is_pinned DESC, updated_at_ms DESC, id`)
  const folders = database.prepare('SELECT id, name FROM folder ORDER BY position, id')
  const items = database.prepare('SELECT item FROM library_item ORDER BY name, id')
  const one = database.prepare(`SELECT ${chatColumns} FROM chat WHERE id = ? AND removed_in IS NULL`)
  const insert = database.prepare(
    `INSERT INTO chat (${chatColumns}) VALUES (${chatColumns.split(',').map(() => '?')}) ON CONFLICT (id) DO NOTHING`,
  )
  const hasChat = database.prepare('SELECT 1 FROM chat WHERE id = ?')
  const hasFolder = database.prepare('SELECT 1 FROM folder WHERE id = ?')
  const setRemoved = database.prepare('UPDATE chat SET removed_in = ? WHERE id = ?')
  const putFolder = database.prepare(`INSERT INTO folder (id, name, position)
    VALUES (?, ?, (SELECT coalesce(max(position), 0) + 1 FROM folder)) ON CONFLICT (id) DO UPDATE SET name = excluded.name`)
  const removeFolder = database.prepare('DELETE FROM folder WHERE id = ?')
  const putItem = database.prepare(`INSERT INTO library_item (id, name, item) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, item = excluded.item`)
  const removeItem = database.prepare('DELETE FROM library_item WHERE id = ?')

  const name = database.prepare('INSERT OR REPLACE INTO erasing (id, run) VALUES (?, ?)')
  const removeNamed = (statement: StatementSync, id: string) =>
    transaction(database, () => {
      if (Number(statement.run(id).changes) > 0) name.run(id, state.run)
    })

  const checkFolder = (id: string | null | undefined) => {
    if (typeof id === 'string' && hasFolder.get(id) === undefined)
      throw new ServiceError({ code: 'chats-gone', what: 'folder' })
  }
  const insertWhole = (whole: WholeChat) => {
    checkFolder(whole.chat.folderId)
    insert.run(...chatValues(whole.chat))
    messages.insert(whole.chat.id, whole.messages)
    for (const record of whole.records) records.put(record)
  }
  return {
    overview: () => ({
      chats: summaries.all().map(summaryOf),
      folders: folders.all().map(({ id, name }) => ({ id: String(id), name: String(name) })),
      library: items.all().map(({ item }) => JSON.parse(String(item)) as LibraryItem),
      notice: state.notice,
    }),
    open(id) {
      const row = one.get(id)
      if (row === undefined) throw gone()
      const chat = chatOf(row)
      const all = messages.of(id)
      const hasLeaf = all.some((message) => message.id === chat.leafId)
      return { chat: hasLeaf ? chat : { ...chat, leafId: null }, messages: all }
    },
    create: (chat, first) => transaction(database, () => insertWhole({ chat, messages: first, records: [] })),
    createAll: (chats) => transaction(database, () => chats.forEach(insertWhole)),
    change: (id, change) =>
      transaction(database, () => {
        if (hasChat.get(id) === undefined) throw gone()
        checkFolder(change.folderId)
        const columns = changedColumns(change)
        if (columns.length === 0) return
        const assignments = columns.map(([column]) => `${column} = ?`).join(', ')
        database.prepare(`UPDATE chat SET ${assignments} WHERE id = ?`).run(...columns.map(([, value]) => value), id)
      }),
    remove: (ids) => transaction(database, () => ids.forEach((id) => void setRemoved.run(state.run, id))),
    restore: (ids) => transaction(database, () => ids.forEach((id) => void setRemoved.run(null, id))),
    putFolder: ({ id, name }) => void putFolder.run(id, kept(name)),
    removeFolder: (id) => removeNamed(removeFolder, id),
    putItem: (item) => void putItem.run(item.id, kept(item.name), JSON.stringify(item)),
    removeItem: (id) => removeNamed(removeItem, id),
  }
}

function summaryOf(row: Readonly<Record<string, unknown>>): ChatSummary {
  return {
    id: String(row.id),
    folderId: typeof row.folder_id === 'string' ? row.folder_id : null,
    isPinned: row.is_pinned === 1,
    createdAtMs: Number(row.created_at_ms),
    updatedAtMs: Number(row.updated_at_ms),
    title: titleOf(row.title),
    messages: Number(row.messages),
  }
}

type Column = readonly [name: string, value: SQLInputValue]

function changedColumns({ title, folderId, isPinned, leafId, draft, settings }: ChatChange): readonly Column[] {
  return [
    ...(title === undefined ? [] : [['title', kept(title)] as const]),
    ...(folderId === undefined ? [] : [['folder_id', folderId] as const]),
    ...(isPinned === undefined ? [] : [['is_pinned', isPinned ? 1 : 0] as const]),
    ...(leafId === undefined ? [] : [['leaf_id', leafId] as const]),
    ...(draft === undefined ? [] : [['draft', JSON.stringify(draft)] as const]),
    ...(settings === undefined ? [] : [['settings', JSON.stringify(settings)] as const]),
  ]
}

function gone(): ServiceError {
  return new ServiceError({ code: 'chats-gone', what: 'chat' })
}
