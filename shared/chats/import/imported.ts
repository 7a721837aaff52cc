// What reading a file of chats gives, and the limits of what is taken from one.
import type { AnswerRecord, Chat, Message, Skipped } from '../types.ts'

export interface ImportedChat {
  readonly chat: Chat
  /** Parents before their children; every parent is among them. */
  readonly messages: readonly Message[]
  readonly records: readonly AnswerRecord[]
}

export interface ReadChats {
  readonly chats: readonly ImportedChat[]
  readonly skipped: readonly Skipped[]
}

/** One chat of a file: taken, perhaps in part, or the reason why not. */
export interface OneRead {
  readonly chat: ImportedChat | null
  readonly skipped: readonly Skipped[]
}

export const limits = {
  fileCharacters: 500_000_000,
  chats: 20_000,
  /** Of one chat; a mapping may hold more nodes than are kept. */
  messages: 20_000,
  nodes: 200_000,
  textCharacters: 4_000_000,
  titleCharacters: 500,
  skipped: 20,
} as const

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text from a file: cut to what is kept, and without half characters, which a database would change. */
export function longText(text: string): string {
  return text.slice(0, limits.textCharacters).toWellFormed()
}
