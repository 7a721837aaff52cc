// The chats in memory: the one that is open, and those that were left while a model writes in them or before they were saved.
import type { StoreApi } from 'zustand/vanilla'
import { newestLeaf } from '../../../shared/chats/tree.ts'
import { type Chat, type Message, usualChatSettings } from '../../../shared/chats/types.ts'
import type { Variant } from '../../../shared/model.ts'
import type { Call } from '../../ipc.ts'
import type { ConversationState } from './api.ts'
import { changeMessage, type Desk, openDesk } from './desk.ts'
import type { Keeping } from './keeping.ts'
import type { MessageMaker } from './messages.ts'

export interface NewChat {
  readonly isTemporary?: boolean
  readonly folderId?: string | null
  readonly opening?: string
}

export interface DesksParts extends MessageMaker {
  /** Shows what the open chat holds. */
  readonly store: StoreApi<ConversationState>
  readonly call: Call
  readonly keeping: Keeping
  readonly variantFor: (chat: Chat | null) => Variant
  readonly isSaved: (chatId: string) => boolean
  /** No new chat can be kept. */
  readonly isReadOnly: () => boolean
  /** Follows the open chat until the function it gives is called. */
  readonly follow: (desk: Desk) => () => void
  readonly leaving: (desk: Desk) => void
  readonly failed: (error: unknown) => void
}

export function createDesks(parts: DesksParts) {
  const { store, call, keeping, variantFor, isSaved, isReadOnly, follow, leaving, failed, newId, dateMs } = parts
  const desks = new Map<string, Desk>()
  let shown: Desk | null = null
  let stopFollowing = () => {}
  /** The newest wish to open one wins. */
  let wishes = 0

  function show(desk: Desk): void {
    if (shown !== null && shown !== desk) {
      leaving(shown)
      forget(shown)
    }
    shown = desk
    desks.set(desk.store.getState().chat.id, desk)
    stopFollowing()
    const pass = () => store.setState({ ...desk.store.getState() })
    const ends = [follow(desk), desk.store.subscribe(pass)]
    stopFollowing = () => {
      for (const end of ends) end()
    }
    pass()
  }

  /** What main would read is what is here: it need not stay. */
  function forget(desk: Desk): void {
    const { id } = desk.store.getState().chat
    if (desk.running === null && isSaved(id)) desks.delete(id)
  }

  function create({ isTemporary = false, folderId = null, opening = '' }: NewChat = {}): Desk {
    wishes += 1
    const atMs = dateMs()
    const chat: Chat = {
      id: newId(),
      title: '',
      folderId,
      isPinned: false,
      createdAtMs: atMs,
      updatedAtMs: atMs,
      leafId: null,
      draft: { text: '', input: '' },
      settings: usualChatSettings,
    }
    const start = { chat, messages: [], isTemporary: isTemporary || isReadOnly(), isKept: false, opening }
    const desk = openDesk(start, variantFor(start.chat))
    show(desk)
    return desk
  }

  /** null: it cannot be read, which is told, or another was wished for meanwhile. */
  async function open(id: string): Promise<Desk | null> {
    wishes += 1
    const wish = wishes
    const known = desks.get(id)
    if (known !== undefined) {
      show(known)
      return known
    }
    try {
      const { chat, messages } = await call('chats.open', { id })
      if (wish !== wishes) return null
      const seen = { ...chat, leafId: chat.leafId ?? leafOf(chat, messages) }
      const desk = openDesk({ chat: seen, messages, isTemporary: false, isKept: true }, variantFor(seen))
      endStreaming(desk)
      show(desk)
      return desk
    } catch (error) {
      failed(error)
      return null
    }
  }

  /** Whoever was writing in a chat that only now is in memory is gone: a window before this one, or its page. */
  function endStreaming(desk: Desk): void {
    for (const { id, state } of desk.store.getState().messages.values()) {
      if (state !== 'streaming') continue
      changeMessage(desk, id, { state: 'interrupted' })
      void keeping.changeMessage(desk, id, { state: 'interrupted' })
    }
  }

  return {
    show,
    create,
    open,
    /** After its run: it stays only if it is seen. */
    ended: (desk: Desk) => {
      if (desk !== shown) forget(desk)
    },
    shown: () => shown,
    all: (): readonly Desk[] => [...desks.values()],
    find: (id: string) => desks.get(id) ?? null,
    /** Of a chat that was removed. */
    drop: (id: string) => void desks.delete(id),
  }
}

/** Of a chat that does not say which branch is seen: the newest, unless the first question was taken back to be written anew. */
function leafOf({ draft }: Chat, messages: readonly Message[]): string | null {
  const newest = messages.toSorted((a, b) => b.createdAtMs - a.createdAtMs)[0]
  if (newest === undefined || draft.text !== '') return null
  return newestLeaf(new Map(messages.map((message) => [message.id, message])), newest.id)
}
