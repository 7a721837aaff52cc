// Chats, put together: the list, the one that is open, and the way to the disk that both share.
import type { StoreApi } from 'zustand/vanilla'
import type { InstalledModel } from '../../../shared/model.ts'
import type { Engine } from '../../inference/engine.ts'
import type { Call } from '../../ipc.ts'
import type { ModelsState } from '../models.ts'
import { createChats } from './chats.ts'
import { type Conversation, createConversation } from './conversation.ts'
import { changeChat } from './desk.ts'
import { createOutbox } from './saving.ts'
import type { After } from './timer.ts'

export interface ChatParts {
  readonly engine: Engine
  readonly models: StoreApi<ModelsState>
  readonly select: (model: InstalledModel) => Promise<void>
  readonly call: Call
  readonly after: After
  readonly nowMs: () => number
  /** Time of day. */
  readonly dateMs: () => number
  readonly newId: () => string
  readonly drawSeed: () => number
}

export function createChatting(parts: ChatParts) {
  const { call, after } = parts
  const settled = () => {
    conversation.flush()
    return outbox.settled()
  }
  const outbox = createOutbox({ call, after, failed: (error) => list.fail(error) })
  const list = createChats({
    call,
    open: {
      changed: (id, change) => {
        const desk = conversation.find(id)
        if (desk !== null) changeChat(desk, change)
      },
      removed: (ids) => conversation.leave(ids),
      leftFolder: (folderId) => conversation.leaveFolder(folderId),
      read: (id) => {
        const state = conversation.find(id)?.store.getState()
        return state === undefined ? null : { chat: state.chat, messages: [...state.messages.values()] }
      },
      settled,
    },
  })
  const conversation: Conversation = createConversation({ ...parts, outbox, list })

  /** The list, and the chat that was used last; on the very first launch a page that begins a story. Gives the model that chat was written with. */
  async function start(opening: string): Promise<string | null> {
    await list.start()
    const { chats, failure } = list.store.getState()
    const newest = chats.toSorted((a, b) => b.updatedAtMs - a.updatedAtMs)[0]
    const isOpen = () => conversation.store.getState().chat !== null
    // Where chats came late, a person may have begun.
    if (newest !== undefined && !isOpen()) await conversation.open(newest.id)
    if (!isOpen()) {
      if (chats.length === 0 && failure === null) conversation.begin(opening)
      else await conversation.create()
    }
    return conversation.store.getState().chat?.settings.modelKey ?? null
  }

  return { chats: list, conversation, start, settled }
}
