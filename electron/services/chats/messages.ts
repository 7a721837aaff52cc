// Messages: adding, going on with one that is written, changing, removing with what hangs on them.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { Message, MessageChange } from '../../../shared/chats/types.ts'
import { transaction } from '../database.ts'
import { ServiceError } from '../serviceError.ts'
import type { Chats, ChatsState } from './chats.ts'
import { indexed, kept, messageColumns, messageOf, messageValues, readColumns } from './rows.ts'

export interface Messages extends Pick<Chats, 'add' | 'append' | 'changeMessage' | 'removeMessages'> {
  /** Within a transaction. */
  insert(chatId: string, messages: readonly Message[]): void
  of(chatId: string): readonly Message[]
}

export function createMessages(database: DatabaseSync, { now, run }: Omit<ChatsState, 'notice'>): Messages {
  const values = messageColumns.split(',').map(() => '?')
  const insertOne = database.prepare(
    `INSERT INTO message (${messageColumns}) VALUES (${values}) ON CONFLICT (id) DO NOTHING`,
  )
  const chatOfMessage = database.prepare('SELECT chat_id FROM message WHERE id = ?')
  const all = database.prepare(`SELECT ${readColumns} FROM message WHERE chat_id = ? ORDER BY number`)
  const hasChat = database.prepare('SELECT 1 FROM chat WHERE id = ?')
  const moveOn = database.prepare('UPDATE chat SET leaf_id = ?, updated_at_ms = max(updated_at_ms, ?) WHERE id = ?')
  const touch = database.prepare('UPDATE chat SET updated_at_ms = max(updated_at_ms, ?) WHERE id = ?')
  const lengthOf = database.prepare('SELECT text_units, state FROM message WHERE id = ?')
  const textOf = database.prepare('SELECT text, input, state FROM message WHERE id = ?')
  const lengthen = database.prepare('UPDATE message SET text = text || ?, text_units = text_units + ? WHERE id = ?')
  const replace = database.prepare('UPDATE message SET text = ?, text_units = ?, sought = ?, signs = ? WHERE id = ?')
  const branch = `WITH RECURSIVE gone (id) AS (
      SELECT id FROM message WHERE chat_id = :chat AND id IN (SELECT value FROM json_each(:ids))
      UNION SELECT message.id FROM gone CROSS JOIN message INDEXED BY message_by_parent
        ON message.chat_id = :chat AND message.parent_id = gone.id
    )`
  const nameBranch = database.prepare(`${branch} INSERT OR REPLACE INTO erasing (id, run) SELECT id, :run FROM gone`)
  const removeBranch = database.prepare(`${branch} DELETE FROM message WHERE id IN gone`)

  const checkChat = (id: string) => {
    if (hasChat.get(id) === undefined) throw new ServiceError({ code: 'chats-gone', what: 'chat' })
  }
  const insert = (chatId: string, messages: readonly Message[]) => {
    for (const message of messages) {
      if (message.chatId !== chatId) throw conflict('it belongs to another chat')
      const { changes } = insertOne.run(...messageValues(message))
      if (changes === 0 && chatOfMessage.get(message.id)?.chat_id !== chatId)
        throw conflict('another chat has a message of this name')
    }
  }
  const setText = (id: string, text: string, input: string) =>
    replace.run(text, text.length, ...indexed(text, input), id)

  return {
    insert,
    of: (chatId) => all.all(chatId).map(messageOf),
    add: (chatId, messages, leafId) =>
      transaction(database, () => {
        checkChat(chatId)
        insert(chatId, messages)
        moveOn.run(leafId, now(), chatId)
      }),
    append: (id, at, added) =>
      transaction(database, () => {
        const row = lengthOf.get(id)
        if (row === undefined) throw new ServiceError({ code: 'chats-gone', what: 'message' })
        const length = Number(row.text_units)
        if (at > length) throw conflict(`it has ${length} characters, not ${at}`)
        const rest = kept(added)
        // It comes into the index when it is done.
        if (at === length && row.state === 'streaming') {
          lengthen.run(rest, rest.length, id)
          return
        }
        const { text, input } = textOf.get(id) as { readonly text: string; readonly input: string }
        // What was added before and is asked for again; there may be more of it now.
        const there = text.slice(at, at + rest.length)
        if (!rest.startsWith(there)) throw conflict(`other text stands behind its first ${at} characters`)
        if (there.length < rest.length) setText(id, text + rest.slice(there.length), input)
      }),
    changeMessage: (id, change) =>
      transaction(database, () => {
        const chatId = chatOfMessage.get(id)?.chat_id
        if (typeof chatId !== 'string') throw new ServiceError({ code: 'chats-gone', what: 'message' })
        const { text, ...rest } = change
        const before = textOf.get(id)
        const isDone = before?.state === 'streaming' && change.state !== undefined && change.state !== 'streaming'
        if (text !== undefined || isDone) setText(id, kept(text ?? String(before?.text)), String(before?.input))
        const columns = changedColumns(rest)
        if (columns.length > 0) {
          const assignments = columns.map(([column]) => `${column} = ?`).join(', ')
          database
            .prepare(`UPDATE message SET ${assignments} WHERE id = ?`)
            .run(...columns.map(([, value]) => value), id)
        }
        touch.run(now(), chatId)
      }),
    removeMessages: (chatId, ids, leafId) =>
      transaction(database, () => {
        checkChat(chatId)
        const given = { chat: chatId, ids: JSON.stringify(ids) }
        nameBranch.run({ ...given, run })
        removeBranch.run(given)
        moveOn.run(leafId, now(), chatId)
      }),
  }
}

type Column = readonly [name: string, value: SQLInputValue]

function changedColumns(change: Omit<MessageChange, 'text'>): readonly Column[] {
  const { written, state, writer, figures, finish, seed } = change
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value))
  return [
    ...(written === undefined ? [] : [['written', JSON.stringify(written)] as const]),
    ...(state === undefined ? [] : [['state', state] as const]),
    ...(writer === undefined ? [] : [['writer', json(writer)] as const]),
    ...(figures === undefined ? [] : [['figures', json(figures)] as const]),
    ...(finish === undefined ? [] : [['finish', finish] as const]),
    ...(seed === undefined ? [] : [['seed', seed] as const]),
  ]
}

function conflict(detail: string): ServiceError {
  return new ServiceError({ code: 'chats-conflict', detail })
}
