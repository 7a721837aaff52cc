// An open chat and a list of chats that hold what a test gives them and note what they are asked, for views beside the conversation.
import { createStore } from 'zustand/vanilla'
import type { ChatListState, Chats, ConversationState, OpenConversation } from '../../renderer/state/chats/api.ts'
import type { Chat, LibraryItem, Message } from '../../shared/chats/types.ts'
import type { Variant } from '../../shared/model.ts'
import { chatNamed, messageIn, plainSampling } from './chats.ts'

export const chatId = '00000000-0000-4000-8000-000000000001'

export const emptyChat: Chat = chatNamed('', { id: chatId, createdAtMs: 0, updatedAtMs: 0 })

/** The id of the nth message. */
export function messageId(index: number): string {
  return `00000000-0000-4000-8000-${String(100 + index).padStart(12, '0')}`
}

export function answerOf(index: number, text: string, more: Partial<Message> = {}): Message {
  const parentId = index === 0 ? null : messageId(index - 1)
  const own = { id: messageId(index), parentId, role: 'assistant', createdAtMs: 0, finish: 'stop', seed: 7 } as const
  return messageIn(chatId, text, { ...own, ...more })
}

export interface FakeConversation extends OpenConversation {
  readonly called: (readonly [name: string, ...values: readonly unknown[]])[]
}

export function fakeConversation(
  variant: Variant,
  state: Partial<ConversationState> = {},
  answers: Partial<OpenConversation> = {},
): FakeConversation {
  const store = createStore<ConversationState>()(() => ({
    chat: emptyChat,
    isTemporary: false,
    messages: new Map((state.path ?? []).map((message) => [message.id, message])),
    path: [],
    run: { kind: 'idle' },
    writingChatId: null,
    live: null,
    document: null,
    context: null,
    omitted: { characters: 0, turns: 0 },
    problem: null,
    repeated: null,
    canBringBack: false,
    ...state,
  }))
  const called: FakeConversation['called'] = []
  const note =
    (name: string) =>
    async (...values: readonly unknown[]) =>
      void called.push([name, ...values])
  const changeChat = (step: (chat: Chat) => Chat) =>
    store.setState(({ chat }) => (chat === null ? {} : { chat: step(chat) }))
  return {
    called,
    store,
    variant: () => variant,
    open: note('open'),
    create: note('create'),
    setDraft: (draft) => changeChat((chat) => ({ ...chat, draft })),
    change: (settings) => changeChat((chat) => ({ ...chat, settings: { ...chat.settings, ...settings } })),
    samplingOf: (of) => store.getState().chat?.settings.sampling[of] ?? plainSampling,
    setSampling: (of, sampling) =>
      changeChat((chat) => ({
        ...chat,
        settings: { ...chat.settings, sampling: { ...chat.settings.sampling, [of]: sampling } },
      })),
    isLocked: () => false,
    canSend: () => true,
    send: note('send'),
    stop: () => void called.push(['stop']),
    regenerate: note('regenerate'),
    resend: note('resend'),
    continueAnswer: note('continueAnswer'),
    runAgain: note('runAgain'),
    branchAt: note('branchAt'),
    adopt: note('adopt'),
    versionsOf: () => [],
    chooseVersion: (id) => void called.push(['chooseVersion', id]),
    fork: note('fork'),
    removeMessage: note('removeMessage'),
    editDocument: () => {},
    undo: () => {},
    canUndo: () => false,
    record: async () => null,
    inspect: async () => null,
    promptFor: (of, text, input) =>
      of === 'base'
        ? { kind: 'completion', text }
        : { kind: 'turns', turns: [{ role: 'user', text: input === '' ? text : `${text}\n${input}` }] },
    ...answers,
  }
}

export interface FakeChats extends Chats {
  readonly library: () => readonly LibraryItem[]
}

export function fakeChats(library: readonly LibraryItem[] = []): FakeChats {
  const store = createStore<ChatListState>()(() => ({
    isLoaded: true,
    chats: [],
    folders: [],
    library,
    notice: { kind: 'none' },
    removed: [],
    failure: null,
    imported: null,
  }))
  const nothing = async () => {}
  return {
    store,
    library: () => store.getState().library,
    start: nothing,
    rename: nothing,
    pin: nothing,
    move: nothing,
    remove: nothing,
    undoRemove: nothing,
    putFolder: nothing,
    removeFolder: nothing,
    putItem: async (item) =>
      store.setState(({ library: items }) => ({ library: [...items.filter(({ id }) => id !== item.id), item] })),
    removeItem: async (id) =>
      store.setState(({ library: items }) => ({ library: items.filter((item) => item.id !== id) })),
    search: async () => [],
    read: async () => ({ chat: emptyChat, messages: [] }),
    importFile: nothing,
    dismiss: () => {},
  }
}
