// Hearth's own file of chats: the whole tree of each, so that another Hearth can take it in again. What was never sent (the draft) and folders stay at home.
import type { AnswerRecord, Chat, ChatSettings, Message } from '../types.ts'
import { plainLine } from './plainLine.ts'

export const fileFormat = 'hearth-chats'
export const fileVersion = 1

export interface ExportedChat {
  readonly chat: Chat
  readonly messages: readonly Message[]
  /** What was sent for the answers; null: leave it out. */
  readonly records: readonly AnswerRecord[] | null
  readonly withSettings: boolean
}

/** One chat of the file. */
export interface ChatInFile {
  readonly id: string
  readonly title: string
  readonly isPinned: boolean
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly leafId: string | null
  readonly settings?: ChatSettings
  readonly messages: readonly Omit<Message, 'chatId'>[]
  readonly records?: readonly AnswerRecord[]
}

export function exportJson(chats: readonly ExportedChat[]): string {
  return `${JSON.stringify({ format: fileFormat, version: fileVersion, chats: chats.map(inFile) }, null, 1)}\n`
}

function inFile({ chat, messages, records, withSettings }: ExportedChat): ChatInFile {
  const { id, title, isPinned, createdAtMs, updatedAtMs, leafId, settings } = chat
  return {
    id,
    title: plainLine(title),
    isPinned,
    createdAtMs,
    updatedAtMs,
    leafId,
    ...(withSettings ? { settings } : {}),
    messages: messages.map(({ chatId, ...message }) => message),
    ...(records === null || records.length === 0 ? {} : { records }),
  }
}
