// The list of chats as main holds it: changed here at once, on the disk a moment later; a refused change is told and the list asked for again.
import { createStore } from 'zustand/vanilla'
import { titleOf } from '../../../shared/chats/title.ts'
import type { Chat, ChatFolder, ChatSummary, LibraryItem, Message } from '../../../shared/chats/types.ts'
import type { Call } from '../../ipc.ts'
import type { ChatListState, Chats } from './api.ts'

export interface ChatsParts {
  readonly call: Call
  /** Of chats that are open: they are changed with the list, and read from the window. */
  readonly open: {
    readonly changed: (id: string, change: Partial<Pick<Chat, 'title' | 'isPinned' | 'folderId'>>) => void
    readonly removed: (ids: readonly string[]) => Promise<void>
    readonly leftFolder: (folderId: string) => void
    readonly read: (id: string) => { readonly chat: Chat; readonly messages: readonly Message[] } | null
    /** Everything given for the disk is there. */
    readonly settled: () => Promise<void>
  }
}

export interface ChatList extends Chats {
  /** A chat that is open, as it is now. */
  readonly listed: (chat: Chat, messages: ReadonlyMap<string, Message>) => void
  /** Shows that something could not be kept; null: all is well again. */
  readonly fail: (error: unknown) => void
}

const nothing: ChatListState = {
  isLoaded: false,
  chats: [],
  folders: [],
  library: [],
  notice: { kind: 'none' },
  removed: [],
  failure: null,
  imported: null,
}

export function createChats({ call, open }: ChatsParts): ChatList {
  const store = createStore<ChatListState>()(() => nothing)

  async function start(): Promise<void> {
    try {
      const { chats, folders, library, notice } = await call('chats.overview', undefined)
      const isKept = new Set(chats.map(({ id }) => id))
      // What could not be saved yet is in memory alone.
      const unsaved = store.getState().chats.filter(({ id }) => !isKept.has(id) && open.read(id) !== null)
      store.setState({ isLoaded: true, chats: sorted([...chats, ...unsaved]), folders, library, notice })
    } catch (error) {
      store.setState({ isLoaded: true, failure: error })
    }
  }

  /** The change is seen at once. Where main refuses it, its own list is what is shown. */
  async function ask(request: () => Promise<unknown>, seen: Partial<ChatListState> = {}): Promise<void> {
    store.setState({ removed: [], ...seen })
    try {
      await open.settled()
      await request()
    } catch (error) {
      await start()
      store.setState({ failure: error })
    }
  }

  async function change(id: string, what: Partial<Pick<Chat, 'title' | 'isPinned' | 'folderId'>>): Promise<void> {
    open.changed(id, what)
    const chats = sorted(store.getState().chats.map((chat) => (chat.id === id ? { ...chat, ...what } : chat)))
    await ask(() => call('chats.change', { id, change: what }), { chats })
  }

  async function remove(ids: readonly string[]): Promise<void> {
    const { chats } = store.getState()
    const removed = chats.filter(({ id }) => ids.includes(id))
    if (removed.length === 0) return
    const left = chats.filter(({ id }) => !ids.includes(id))
    store.setState({ chats: left, removed })
    await open.removed(ids)
    await ask(() => call('chats.remove', { ids: removed.map(({ id }) => id) }), { removed })
  }

  async function undoRemove(): Promise<void> {
    const { chats, removed } = store.getState()
    if (removed.length === 0) return
    await ask(() => call('chats.restore', { ids: removed.map(({ id }) => id) }), {
      chats: sorted([...chats, ...removed]),
    })
  }

  const without = <Item extends { readonly id: string }>(items: readonly Item[], id: string) =>
    items.filter((item) => item.id !== id)

  return {
    store,
    start,
    rename: (id, title) => change(id, { title: title.trim().slice(0, 500) }),
    pin: (id, isPinned) => change(id, { isPinned }),
    move: (id, folderId) => change(id, { folderId }),
    remove,
    undoRemove,
    putFolder: (folder: ChatFolder) =>
      ask(() => call('chats.putFolder', folder), { folders: replaced(store.getState().folders, folder) }),
    removeFolder: (id) => {
      const { folders, chats } = store.getState()
      const freed = chats.map((chat) => (chat.folderId === id ? { ...chat, folderId: null } : chat))
      open.leftFolder(id)
      return ask(() => call('chats.removeFolder', { id }), { folders: without(folders, id), chats: freed })
    },
    putItem: (item: LibraryItem) =>
      ask(() => call('chats.putItem', item), { library: replaced(store.getState().library, item) }),
    removeItem: (id) => ask(() => call('chats.removeItem', { id }), { library: without(store.getState().library, id) }),
    async search(text, chatId, limit) {
      if (text.trim() === '') return []
      await open.settled()
      return call('chats.search', { text: text.slice(0, 500), chatId, limit })
    },
    async read(id) {
      const here = open.read(id)
      return here ?? call('chats.open', { id })
    },
    async importFile() {
      await ask(async () => {
        const imported = await call('chats.import', undefined)
        if (imported === null) return
        await start()
        store.setState({ imported })
      })
    },
    dismiss: () => store.setState({ removed: [], failure: null, imported: null }),
    listed(chat, messages) {
      const { id, folderId, isPinned, createdAtMs, updatedAtMs } = chat
      const title = chat.title === '' ? firstTitle(messages) : chat.title
      const summary = { id, title, folderId, isPinned, createdAtMs, updatedAtMs, messages: messages.size }
      store.setState(({ chats }) => ({ chats: sorted([summary, ...without(chats, id)]) }))
    },
    fail: (error) => store.setState({ failure: error }),
  }
}

function firstTitle(messages: ReadonlyMap<string, Message>): string {
  for (const { text } of messages.values()) if (text !== '') return titleOf(text)
  return ''
}

function replaced<Item extends { readonly id: string }>(items: readonly Item[], item: Item): readonly Item[] {
  return items.some(({ id }) => id === item.id)
    ? items.map((known) => (known.id === item.id ? item : known))
    : [...items, item]
}

function sorted(chats: readonly ChatSummary[]): readonly ChatSummary[] {
  return chats.toSorted(
    (a, b) => Number(b.isPinned) - Number(a.isPinned) || b.updatedAtMs - a.updatedAtMs || (a.id < b.id ? -1 : 1),
  )
}
