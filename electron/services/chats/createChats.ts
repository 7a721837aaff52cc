// The chats of an open database.
import type { DatabaseSync } from 'node:sqlite'
import { createChatList } from './chatList.ts'
import type { Chats, ChatsState } from './chats.ts'
import { importChats, type ReadChatsFile } from './importChats.ts'
import { createMessages } from './messages.ts'
import { createRecords } from './records.ts'
import { search } from './search.ts'

/** Closing the database is for who opened it. */
export function createChats(
  database: DatabaseSync,
  state: ChatsState,
  readChatsFile: ReadChatsFile,
): Omit<Chats, typeof Symbol.dispose> {
  const messages = createMessages(database, state.now)
  const list = createChatList(database, messages, state)
  const { add, append, changeMessage, removeMessages } = messages
  return {
    ...list,
    ...createRecords(database),
    add,
    append,
    changeMessage,
    removeMessages,
    search: (request) => search(database, request),
    import: (path) => importChats(path, readChatsFile, list.create),
  }
}
