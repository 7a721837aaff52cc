// Chats and messages for tests.
import { randomUUID } from 'node:crypto'
import { type Chat, type Message, usualChatSettings } from '../../shared/chats/types.ts'

export function chatNamed(title: string, rest: Partial<Chat> = {}): Chat {
  return {
    id: randomUUID(),
    title,
    folderId: null,
    isPinned: false,
    createdAtMs: 1,
    updatedAtMs: 1,
    leafId: null,
    draft: { text: '', input: '' },
    settings: usualChatSettings,
    ...rest,
  }
}

export function messageIn(chatId: string, text: string, rest: Partial<Message> = {}): Message {
  return {
    id: randomUUID(),
    chatId,
    parentId: null,
    role: 'user',
    text,
    input: '',
    written: [],
    scaffold: null,
    state: 'done',
    createdAtMs: 1,
    writer: null,
    figures: null,
    finish: null,
    seed: null,
    ...rest,
  }
}
