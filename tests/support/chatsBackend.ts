// Chats as main would keep them, in a plain object: what is in it is on the disk.
import type { Bridge } from '../../renderer/ipc.ts'
import { titleOf } from '../../shared/chats/title.ts'
import type {
  AnswerRecord,
  Chat,
  ChatCopies,
  ChatFolder,
  ChatsNotice,
  ImportResult,
  LibraryItem,
  Message,
} from '../../shared/chats/types.ts'
import { type AppError, requests } from '../../shared/ipc.ts'

export interface ChatsBackend {
  readonly answers: Partial<Bridge>
  readonly chats: Map<string, Chat>
  readonly messages: Map<string, Message>
  readonly records: Map<string, AnswerRecord>
  readonly folders: Map<string, ChatFolder>
  readonly library: Map<string, LibraryItem>
  readonly removed: Set<string>
  /** Every request in order, as `chats.add`. */
  readonly asked: { readonly channel: string; readonly input: unknown }[]
  /** What each request fails with; null: it is answered. */
  failure: AppError | null
  notice: ChatsNotice
  /** What the person's file holds; null: they chose none. */
  imported: ImportResult | null
  copies: ChatCopies
}

export function chatsBackend(): ChatsBackend {
  const backend: ChatsBackend = {
    answers: {},
    chats: new Map(),
    messages: new Map(),
    records: new Map(),
    folders: new Map(),
    library: new Map(),
    removed: new Set(),
    asked: [],
    failure: null,
    notice: { kind: 'none' },
    imported: null,
    copies: { copies: 0, newestAtMs: null, removed: 0, damaged: 0 },
  }
  const { chats, messages, records, folders, library, removed } = backend

  const inChat = (chatId: string) => [...messages.values()].filter((message) => message.chatId === chatId)
  const known = <Value>(map: ReadonlyMap<string, Value>, id: string): Value => {
    const value = map.get(id)
    if (value === undefined) throw new Error(`${id} is not there`)
    return value
  }
  const put = (added: readonly Message[]) => {
    for (const message of added) {
      if (message.parentId !== null) known(messages, message.parentId)
      messages.set(message.id, message)
    }
  }
  const leaf = (chatId: string, leafId: string | null) => {
    if (leafId !== null) known(messages, leafId)
    chats.set(chatId, { ...known(chats, chatId), leafId })
  }

  const answers = {
    'chats.overview': () => ({
      chats: [...chats.values()]
        .filter(({ id }) => !removed.has(id))
        .map(({ id, title, folderId, isPinned, createdAtMs, updatedAtMs }) => {
          const own = inChat(id)
          const named = title === '' ? titleOf(own[0]?.text ?? '') : title
          return { id, title: named, folderId, isPinned, createdAtMs, updatedAtMs, messages: own.length }
        }),
      folders: [...folders.values()],
      library: [...library.values()],
      notice: backend.notice,
    }),
    'chats.open': ({ id }: { id: string }) => ({ chat: known(chats, id), messages: inChat(id) }),
    'chats.create': ({ chat, messages: added }: { chat: Chat; messages: Message[] }) => {
      chats.set(chat.id, chat)
      put(added)
      leaf(chat.id, chat.leafId)
      return null
    },
    'chats.change': ({ id, change }: { id: string; change: Partial<Chat> }) => {
      chats.set(id, { ...known(chats, id), ...change })
      return null
    },
    'chats.remove': ({ ids }: { ids: string[] }) => {
      for (const id of ids) removed.add(id)
      return null
    },
    'chats.restore': ({ ids }: { ids: string[] }) => {
      for (const id of ids) removed.delete(id)
      return null
    },
    'chats.add': ({
      chatId,
      messages: added,
      leafId,
    }: {
      chatId: string
      messages: Message[]
      leafId: string | null
    }) => {
      put(added)
      leaf(chatId, leafId)
      return null
    },
    'chats.append': ({ id, at, text }: { id: string; at: number; text: string }) => {
      const message = known(messages, id)
      if (message.text.length < at) throw new Error('a gap in the text')
      messages.set(id, { ...message, text: message.text.slice(0, at) + text })
      return null
    },
    'chats.changeMessage': ({ id, change }: { id: string; change: Partial<Message> }) => {
      messages.set(id, { ...known(messages, id), ...change })
      return null
    },
    'chats.removeMessages': ({ chatId, ids, leafId }: { chatId: string; ids: string[]; leafId: string | null }) => {
      const gone = new Set(ids)
      for (const message of messages.values())
        if (message.parentId !== null && gone.has(message.parentId)) gone.add(message.id)
      for (const id of gone) {
        messages.delete(id)
        records.delete(id)
      }
      leaf(chatId, leafId)
      return null
    },
    'chats.keepRecord': (record: AnswerRecord) => {
      known(messages, record.messageId)
      records.set(record.messageId, record)
      return null
    },
    'chats.record': ({ messageId }: { messageId: string }) => records.get(messageId) ?? null,
    'chats.search': ({ text, chatId, limit }: { text: string; chatId: string | null; limit: number }) =>
      [...messages.values()]
        .filter((message) => message.text.includes(text) && (chatId === null || message.chatId === chatId))
        .slice(0, limit)
        .map((message) => {
          const start = message.text.indexOf(text)
          const { id: messageId, role, createdAtMs } = message
          const title = known(chats, message.chatId).title
          const marks = [[start, start + text.length] as const]
          return { chatId: message.chatId, messageId, title, role, createdAtMs, excerpt: message.text, marks }
        }),
    'chats.putFolder': (folder: ChatFolder) => {
      folders.set(folder.id, folder)
      return null
    },
    'chats.removeFolder': ({ id }: { id: string }) => {
      folders.delete(id)
      for (const chat of chats.values()) if (chat.folderId === id) chats.set(chat.id, { ...chat, folderId: null })
      return null
    },
    'chats.putItem': (item: LibraryItem) => {
      library.set(item.id, item)
      return null
    },
    'chats.removeItem': ({ id }: { id: string }) => {
      library.delete(id)
      return null
    },
    'chats.copies': () => backend.copies,
    'chats.erase': ({ damaged }: { damaged: boolean }) => {
      for (const id of removed) chats.delete(id)
      removed.clear()
      backend.copies = { ...backend.copies, removed: 0, ...(damaged ? { damaged: 0 } : {}) }
      return backend.copies
    },
    'chats.import': () => backend.imported,
  }

  for (const [channel, handler] of Object.entries(answers)) {
    const { input: schema } = requests[channel as keyof typeof answers]
    const answer = async (input: unknown) => {
      backend.asked.push({ channel, input })
      if (backend.failure !== null) return { ok: false, error: backend.failure }
      try {
        const decoded = schema.safeParse(input)
        if (!decoded.success) return { ok: false, error: { code: 'invalid-input', message: decoded.error.message } }
        return { ok: true, value: (handler as (given: unknown) => unknown)(decoded.data) }
      } catch (error) {
        return { ok: false, error: { code: 'internal', message: String(error) } }
      }
    }
    Object.assign(backend.answers, { [channel]: answer })
  }
  return backend
}
