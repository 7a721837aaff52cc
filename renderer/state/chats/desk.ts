// One chat in memory: its messages, the branch that is seen, the text a base model continues. Every change of messages goes through here.
import { createStore, type StoreApi } from 'zustand/vanilla'
import { scaffolded } from '../../../shared/chats/scaffold.ts'
import { type Messages, pathTo } from '../../../shared/chats/tree.ts'
import type { AnswerRecord, Chat, Message, MessageChange } from '../../../shared/chats/types.ts'
import type { Variant } from '../../../shared/model.ts'
import type { Omitted } from '../../inference/protocol.ts'
import type { ConversationState, OpenDocument } from './api.ts'

export type DeskState = Omit<ConversationState, 'writingChatId' | 'chat'> & { readonly chat: Chat }

export interface Removed {
  readonly messages: readonly Message[]
  readonly leafId: string | null
}

export interface Desk {
  readonly store: StoreApi<DeskState>
  readonly isTemporary: boolean
  /** The chat is on the disk, or on its way there. */
  isKept: boolean
  /** What a base model's page begins with in an empty chat. */
  opening: string
  removed: Removed | null
  /** Of answers of this window; those of before are asked for. */
  readonly records: Map<string, AnswerRecord>
  /** Stops the run of this chat, or takes back what waits. */
  running: AbortController | null
  /** Sends what was written since the last half second to the disk. */
  saveWritten: () => void
}

export interface DeskStart {
  readonly chat: Chat
  readonly messages: readonly Message[]
  readonly isTemporary: boolean
  readonly isKept: boolean
  readonly opening?: string
}

export const nothingOmitted: Omitted = { characters: 0, turns: 0 }

export function openDesk(start: DeskStart, variant: Variant): Desk {
  const { chat, isTemporary, isKept, opening = '' } = start
  const messages = new Map(start.messages.map((message) => [message.id, message]))
  const path = pathTo(messages, chat.leafId)
  const store = createStore<DeskState>()(() => ({
    chat,
    isTemporary,
    messages,
    path,
    run: { kind: 'idle' },
    live: null,
    document: documentFor(chat, path, variant, opening),
    context: null,
    omitted: nothingOmitted,
    problem: null,
    repeated: null,
    canBringBack: false,
  }))
  return {
    store,
    isTemporary,
    isKept,
    opening,
    removed: null,
    records: new Map(),
    running: null,
    saveWritten: () => {},
  }
}

/** Messages, new or in place of those of the same id, and the end of the branch that is seen. `more` changes at the same moment. */
export function put(
  desk: Desk,
  messages: readonly Message[],
  leafId: string | null,
  more: Partial<DeskState> = {},
): void {
  const all = new Map(desk.store.getState().messages)
  for (const message of messages) all.set(message.id, message)
  show(desk, all, leafId, more)
}

export function changeMessage(desk: Desk, id: string, change: MessageChange, more: Partial<DeskState> = {}): void {
  const { messages, chat } = desk.store.getState()
  const message = messages.get(id)
  if (message === undefined) desk.store.setState(more)
  else put(desk, [{ ...message, ...defined(change) }], chat.leafId, more)
}

export function drop(desk: Desk, ids: readonly string[], leafId: string | null, more: Partial<DeskState> = {}): void {
  const gone = new Set(ids)
  const left = [...desk.store.getState().messages].filter(([id]) => !gone.has(id))
  show(desk, new Map(left), leafId, more)
}

export function changeChat(desk: Desk, change: Partial<Chat>): void {
  desk.store.setState(({ chat }) => ({ chat: { ...chat, ...change } }))
}

/** After another variant came into use, or another scaffold. */
export function adoptVariant(desk: Desk, variant: Variant): void {
  desk.store.setState(({ chat, path }) => ({ document: documentFor(chat, path, variant, desk.opening) }))
}

/** null: nothing was removed, or something else happened since. */
export function setRemoved(desk: Desk, removed: Removed | null): void {
  desk.removed = removed
  desk.store.setState({ canBringBack: removed !== null })
}

function show(desk: Desk, messages: Messages, leafId: string | null, more: Partial<DeskState>): void {
  desk.store.setState((state) => {
    const chat = { ...(more.chat ?? state.chat), leafId }
    const path = pathTo(messages, leafId)
    const document = state.document === null ? null : documentFor(chat, path, 'base', desk.opening)
    return { ...more, chat, messages, path, document }
  })
}

function documentFor(chat: Chat, path: readonly Message[], variant: Variant, opening: string): OpenDocument | null {
  if (variant !== 'base') return null
  const last = path.at(-1)
  if (last?.role === 'document') return { messageId: last.id, text: last.text, written: last.written }
  if (path.length === 0 && opening !== '') return { messageId: null, text: opening, written: [] }
  return { messageId: null, ...scaffolded(path, chat.settings.scaffold) }
}

function defined(change: MessageChange): Partial<Message> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}
