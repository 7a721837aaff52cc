// What chats should do, written plainly and kept in memory: the database is compared with it.
import type { Chats, WholeChat } from '../../electron/services/chats/chats.ts'
import { ServiceError } from '../../electron/services/serviceError.ts'
import type { AnswerRecord, Chat, ChatFolder, ChatSummary, LibraryItem, Message } from '../../shared/chats/types.ts'

type Modelled = Omit<Chats, 'search' | 'endUndo' | 'erased' | 'removedItems'>

export interface ChatsModel extends Modelled {
  /** Another start of the process. */
  restart(isNewRun: boolean): void
}

const gone = (what: 'chat' | 'message' | 'folder') => new ServiceError({ code: 'chats-gone', what })
const conflict = () => new ServiceError({ code: 'chats-conflict', detail: '' })

export function createChatsModel(now: () => number): ChatsModel {
  let chats = new Map<string, Chat>()
  const removed = new Set<string>()
  const folders: ChatFolder[] = []
  const items = new Map<string, LibraryItem>()
  let records = new Map<string, AnswerRecord>()
  let messages: Message[] = []

  const chatOf = (id: string): Chat => {
    const chat = chats.get(id)
    if (chat === undefined) throw gone('chat')
    return chat
  }
  const checkFolder = (id: string | null | undefined) => {
    if (typeof id === 'string' && !folders.some((folder) => folder.id === id)) throw gone('folder')
  }
  const indexOf = (id: string): number => {
    const index = messages.findIndex((message) => message.id === id)
    if (index < 0) throw gone('message')
    return index
  }
  const edit = (index: number, change: Partial<Message>) => {
    messages = messages.map((message, place) => (place === index ? { ...message, ...change } : message))
  }
  const withAdded = (chatId: string, added: readonly Message[]): Message[] => {
    const result = [...messages]
    for (const message of added) {
      if (message.chatId !== chatId) throw conflict()
      const there = result.find(({ id }) => id === message.id)
      if (there === undefined) result.push(message)
      else if (there.chatId !== chatId) throw conflict()
    }
    return result
  }
  const checkParents = (added: readonly Message[], all: readonly Message[]) => {
    for (const { parentId, chatId } of added)
      if (parentId !== null && !all.some((one) => one.id === parentId && one.chatId === chatId)) throw gone('message')
  }
  const touch = (chat: Chat, rest: Partial<Chat> = {}) =>
    chats.set(chat.id, { ...chat, ...rest, updatedAtMs: Math.max(chat.updatedAtMs, now()) })

  const keepRecord = (record: AnswerRecord) => {
    indexOf(record.messageId)
    records.set(record.messageId, record)
  }
  const createAll = (all: readonly WholeChat[]) => {
    const before = { chats: new Map(chats), messages, records: new Map(records) }
    try {
      for (const { chat, messages: first, records: its } of all) {
        checkFolder(chat.folderId)
        if (!chats.has(chat.id)) chats.set(chat.id, chat)
        messages = withAdded(chat.id, first)
        its.forEach(keepRecord)
      }
      checkParents(messages.slice(before.messages.length), messages)
    } catch (error) {
      ;({ chats, messages, records } = before)
      throw error
    }
  }

  return {
    overview() {
      const all = [...chats.values()].filter(({ id }) => !removed.has(id))
      const order = (a: Chat, b: Chat) =>
        Number(b.isPinned) - Number(a.isPinned) || b.updatedAtMs - a.updatedAtMs || (a.id < b.id ? -1 : 1)
      return {
        chats: all.sort(order).map((chat): ChatSummary => {
          const own = messages.filter(({ chatId }) => chatId === chat.id)
          const { id, folderId, isPinned, createdAtMs, updatedAtMs } = chat
          const title = chat.title || (own.find(({ text }) => text !== '')?.text ?? '')
          return { id, folderId, isPinned, createdAtMs, updatedAtMs, title, messages: own.length }
        }),
        folders: [...folders],
        library: [...items.values()].sort((a, b) =>
          a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1,
        ),
        notice: { kind: 'none' },
      }
    },
    open(id) {
      const chat = chatOf(id)
      if (removed.has(id)) throw gone('chat')
      const own = messages.filter(({ chatId }) => chatId === id)
      const hasLeaf = own.some((message) => message.id === chat.leafId)
      return { chat: hasLeaf ? chat : { ...chat, leafId: null }, messages: own }
    },
    create: (chat, first) => createAll([{ chat, messages: first, records: [] }]),
    createAll,
    change(id, change) {
      const chat = chatOf(id)
      checkFolder(change.folderId)
      chats.set(id, { ...chat, ...(change as Partial<Chat>) })
    },
    remove: (ids) => ids.forEach((id) => void (chats.has(id) && removed.add(id))),
    restore: (ids) => ids.forEach((id) => void removed.delete(id)),
    add(chatId, added, leafId) {
      const chat = chatOf(chatId)
      const all = withAdded(chatId, added)
      checkParents(all.slice(messages.length), all)
      messages = all
      touch(chat, { leafId })
    },
    append(id, at, text) {
      const index = indexOf(id)
      const had = messages[index]?.text ?? ''
      const there = had.slice(at, at + text.length)
      if (at > had.length || !text.startsWith(there)) throw conflict()
      edit(index, { text: had + text.slice(there.length) })
    },
    changeMessage(id, change) {
      const index = indexOf(id)
      edit(index, change as Partial<Message>)
      touch(chatOf(messages[index]?.chatId ?? ''))
    },
    removeMessages(chatId, ids, leafId) {
      const chat = chatOf(chatId)
      const lost = new Set(
        ids.filter((id) => messages.some((message) => message.id === id && message.chatId === chatId)),
      )
      for (let size = -1; size !== lost.size; ) {
        size = lost.size
        for (const { id, parentId } of messages) if (parentId !== null && lost.has(parentId)) lost.add(id)
      }
      messages = messages.filter(({ id }) => !lost.has(id))
      for (const id of lost) records.delete(id)
      touch(chat, { leafId })
    },
    keepRecord,
    record: (messageId) => records.get(messageId) ?? null,
    putFolder(folder) {
      const index = folders.findIndex(({ id }) => id === folder.id)
      if (index < 0) folders.push(folder)
      else folders[index] = folder
    },
    removeFolder(id) {
      folders.splice(0, folders.length, ...folders.filter((folder) => folder.id !== id))
      for (const chat of chats.values()) if (chat.folderId === id) chats.set(chat.id, { ...chat, folderId: null })
    },
    putItem: (item) => void items.set(item.id, item),
    removeItem: (id) => void items.delete(id),
    restart(isNewRun) {
      messages = messages.map((message) =>
        message.state === 'streaming' ? { ...message, state: 'interrupted' } : message,
      )
      if (!isNewRun) return
      for (const id of removed) chats.delete(id)
      messages = messages.filter(({ chatId }) => !removed.has(chatId))
      removed.clear()
      for (const id of records.keys()) if (!messages.some((message) => message.id === id)) records.delete(id)
    },
  }
}
