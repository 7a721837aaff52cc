// The chats of an open database.
import type { DatabaseSync } from 'node:sqlite'
import { createChatList } from './chatList.ts'
import type { Chats, ChatsState } from './chats.ts'
import { createMessages } from './messages.ts'
import { createRecords } from './records.ts'
import { createRemovals } from './removals.ts'
import { search } from './search.ts'

/** Closing the database is for who opened it. */
export function createChats(database: DatabaseSync, state: ChatsState): Chats {
  const messages = createMessages(database, state)
  const { add, append, changeMessage, removeMessages } = messages
  const records = createRecords(database)
  const { keepRecord, record } = records
  return {
    ...createChatList(database, messages, records, state),
    keepRecord,
    record,
    add,
    append,
    changeMessage,
    removeMessages,
    ...createRemovals(database, state.run),
    search: (request) => search(database, request),
  }
}
