// Messages as data, for tests of trees and texts.
import type { Message } from '../../shared/chats/types.ts'

export const someChatId = '00000000-0000-4000-8000-000000000001'

/** A uuid that is easy to read. */
export function someId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

export function someMessage(number: number, parent: number | null, more: Partial<Message> = {}): Message {
  return {
    id: someId(number),
    chatId: someChatId,
    parentId: parent === null ? null : someId(parent),
    role: 'user',
    text: `text ${number}`,
    input: '',
    written: [],
    scaffold: null,
    state: 'done',
    createdAtMs: number,
    writer: null,
    figures: null,
    finish: null,
    seed: null,
    ...more,
  }
}

export function byId(messages: readonly Message[]): ReadonlyMap<string, Message> {
  return new Map(messages.map((message) => [message.id, message]))
}
