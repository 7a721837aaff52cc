// New messages with everything a message says.
import type { Message, Writer } from '../../../shared/chats/types.ts'

export interface MessageMaker {
  readonly newId: () => string
  readonly dateMs: () => number
}

const empty = {
  text: '',
  input: '',
  written: [],
  scaffold: null,
  state: 'done',
  writer: null,
  figures: null,
  finish: null,
  seed: null,
} as const satisfies Partial<Message>

type Place = Pick<Message, 'chatId' | 'parentId'>

export function userMessage({ newId, dateMs }: MessageMaker, place: Place, text: string, input: string): Message {
  return { ...empty, ...place, id: newId(), role: 'user', text, input, createdAtMs: dateMs() }
}

/** The beginning of an answer that a model is about to write. */
export function answerMessage({ newId, dateMs }: MessageMaker, place: Place, writer: Writer, text = ''): Message {
  return { ...empty, ...place, id: newId(), role: 'assistant', text, state: 'streaming', writer, createdAtMs: dateMs() }
}

export function documentMessage(
  { newId, dateMs }: MessageMaker,
  place: Place,
  content: Pick<Message, 'text' | 'written' | 'scaffold'>,
): Message {
  return {
    ...empty,
    ...place,
    id: newId(),
    role: 'document',
    createdAtMs: dateMs(),
    ...content,
    written: [...content.written],
  }
}
