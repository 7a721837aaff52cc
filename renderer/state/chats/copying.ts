// Branches in other places: a chat that begins as the branch of another, and an answer taken over from a comparison.
import { pathTo } from '../../../shared/chats/tree.ts'
import type { AnswerRecord, Message } from '../../../shared/chats/types.ts'
import type { AdoptedAnswer } from './api.ts'
import { type Desk, openDesk, put } from './desk.ts'
import type { Keeping } from './keeping.ts'
import { answerMessage, type MessageMaker, userMessage } from './messages.ts'

export interface CopyingParts extends MessageMaker {
  readonly keeping: Keeping
  readonly record: (desk: Desk, messageId: string) => Promise<AnswerRecord | null>
}

export function createCopying(parts: CopyingParts) {
  const { keeping, newId, dateMs } = parts

  /** `saved` resolves when it is on the disk, records included. */
  async function fork(
    desk: Desk,
    messageId: string,
    isTemporary: boolean,
  ): Promise<{ readonly desk: Desk; readonly saved: Promise<void> } | null> {
    const { chat, messages, document, live } = desk.store.getState()
    const path = pathTo(messages, messageId)
    if (path.length === 0) return null
    const id = newId()
    const ids = new Map(path.map((message) => [message.id, newId()]))
    const copies = path.map((message): Message => {
      const text = live?.messageId === message.id ? live.text : message.text
      const state = message.state === 'streaming' ? 'interrupted' : message.state
      const parentId = message.parentId === null ? null : (ids.get(message.parentId) ?? null)
      return { ...message, id: ids.get(message.id) ?? newId(), chatId: id, parentId, text, state }
    })
    const atMs = dateMs()
    const copy = {
      ...chat,
      id,
      isPinned: false,
      createdAtMs: atMs,
      updatedAtMs: atMs,
      leafId: ids.get(messageId) ?? null,
      draft: { text: '', input: '' },
    }
    const variant = document === null ? 'chat' : 'base'
    const made = openDesk({ chat: copy, messages: copies, isTemporary, isKept: false }, variant)
    return { desk: made, saved: save(desk, made, ids) }
  }

  async function save(from: Desk, to: Desk, ids: ReadonlyMap<string, string>): Promise<void> {
    await keeping.add(to, [...to.store.getState().messages.values()])
    for (const [oldId, messageId] of ids) {
      if (from.store.getState().messages.get(oldId)?.writer == null) continue
      const record = await parts.record(from, oldId)
      if (record !== null) await keeping.record(to, { ...record, messageId })
    }
  }

  /** Beside the answer to the same question at the end of the branch; else question and answer behind it. */
  async function adopt(desk: Desk, { question, record, ...answer }: AdoptedAnswer): Promise<void> {
    if (desk.running !== null) return
    const { chat, path } = desk.store.getState()
    const last = path.findLast(({ role }) => role === 'user')
    const isSame = last !== undefined && last.text === question.text && last.input === question.input
    const asked = isSame
      ? last
      : userMessage(parts, { chatId: chat.id, parentId: chat.leafId }, question.text, question.input)
    const place = { chatId: chat.id, parentId: asked.id }
    const message: Message = { ...answerMessage(parts, place, answer.writer), ...answer, state: 'done' }
    const added = isSame ? [message] : [asked, message]
    put(desk, added, message.id)
    await keeping.add(desk, added)
    if (record !== null) await keeping.record(desk, { ...record, messageId: message.id })
  }

  return { fork, adopt }
}
