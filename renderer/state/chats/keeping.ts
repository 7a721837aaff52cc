// What of a chat goes to the disk. A temporary chat sends nothing at all; a new one is kept from its first message or draft on.
import type { AnswerRecord, ChatChange, Message, MessageChange } from '../../../shared/chats/types.ts'
import { changeChat, type Desk } from './desk.ts'
import type { Outbox } from './saving.ts'

export interface KeepingParts {
  readonly outbox: Outbox
  readonly dateMs: () => number
  /** Main would refuse every change. */
  readonly isLocked: (desk: Desk) => boolean
  /** The list of chats shows it as it is now. */
  readonly listed: (desk: Desk) => void
}

export type Keeping = ReturnType<typeof createKeeping>

/** Each function is called after the change in memory; what it gives resolves when that is saved, or was given up for now. */
export function createKeeping({ outbox, dateMs, isLocked, listed }: KeepingParts) {
  const chatOf = (desk: Desk) => desk.store.getState().chat
  const skipped = Promise.resolve(true)
  const staysHere = (desk: Desk) => desk.isTemporary || isLocked(desk)

  function create(desk: Desk): Promise<boolean> {
    desk.isKept = true
    changeChat(desk, { updatedAtMs: dateMs() })
    const { chat, messages } = desk.store.getState()
    listed(desk)
    return outbox.send(chat.id, { channel: 'chats.create', input: { chat, messages: [...messages.values()] } })
  }

  /** Messages that are in memory already, parents first. */
  function add(desk: Desk, messages: readonly Message[]): Promise<boolean> {
    if (staysHere(desk)) return skipped
    if (!desk.isKept) return create(desk)
    changeChat(desk, { updatedAtMs: dateMs() })
    listed(desk)
    const { id: chatId, leafId } = chatOf(desk)
    return outbox.send(chatId, { channel: 'chats.add', input: { chatId, messages: [...messages], leafId } })
  }

  function change(desk: Desk, change: ChatChange): Promise<boolean> {
    if (staysHere(desk)) return skipped
    if (!desk.isKept) {
      const { text, input } = chatOf(desk).draft
      return text === '' && input === '' ? skipped : create(desk)
    }
    const { id } = chatOf(desk)
    return outbox.send(id, { channel: 'chats.change', input: { id, change } })
  }

  function changeMessage(desk: Desk, id: string, change: MessageChange): Promise<boolean> {
    if (staysHere(desk) || !desk.isKept) return skipped
    return outbox.send(chatOf(desk).id, { channel: 'chats.changeMessage', input: { id, change } })
  }

  function append(desk: Desk, id: string, at: number, text: string): void {
    if (staysHere(desk) || !desk.isKept) return
    void outbox.send(chatOf(desk).id, { channel: 'chats.append', input: { id, at, text } })
  }

  /** They are gone from memory, and the leaf with them. */
  function remove(desk: Desk, ids: readonly string[]): Promise<boolean> {
    if (staysHere(desk) || !desk.isKept) return skipped
    listed(desk)
    const { id: chatId, leafId } = chatOf(desk)
    return outbox.send(chatId, { channel: 'chats.removeMessages', input: { chatId, ids: [...ids], leafId } })
  }

  function record(desk: Desk, record: AnswerRecord): Promise<boolean> {
    desk.records.set(record.messageId, record)
    if (staysHere(desk) || !desk.isKept) return skipped
    return outbox.send(chatOf(desk).id, { channel: 'chats.keepRecord', input: record })
  }

  return { add, change, changeMessage, append, remove, record }
}
