// Chats and messages for tests, and chats on the disk that are asked directly.
import { randomUUID } from 'node:crypto'
import type { Chats } from '../../electron/services/chats/chats.ts'
import type { Copies } from '../../electron/services/chats/copies.ts'
import { type ChatsOptions, type OpenChats, openChats } from '../../electron/services/chats/openChats.ts'
import {
  type AnswerRecord,
  type Chat,
  type ChatSampling,
  type Message,
  usualChatSettings,
} from '../../shared/chats/types.ts'

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

export const plainSampling: ChatSampling = {
  temperature: 0.7,
  topP: 0.9,
  maxTokens: 96,
  seed: null,
  frequencyPenalty: 0,
  presencePenalty: 0,
  repetitionPenalty: 1,
  stopStrings: [],
  jsonSchema: null,
  keepProbabilities: false,
}

export interface KeptChats extends Chats, Disposable {
  readonly opened: OpenChats
}

/** Each call is a request: it opens the file where it is not open. */
export function keptChats(options: Omit<ChatsOptions, 'run'> & { readonly run?: string }): KeptChats {
  const opened = openChats({ run: usualRun, ...options })
  const call =
    (name: keyof Chats) =>
    (...given: never[]) =>
      opened.ask((chats) => (chats[name] as (...given: never[]) => unknown)(...given))
  const names: readonly (keyof Chats)[] = [
    'overview',
    'open',
    'create',
    'createAll',
    'change',
    'remove',
    'restore',
    'add',
    'append',
    'changeMessage',
    'removeMessages',
    'keepRecord',
    'record',
    'search',
    'putFolder',
    'removeFolder',
    'putItem',
    'removeItem',
    'endUndo',
    'erased',
    'removedItems',
  ]
  return {
    ...(Object.fromEntries(names.map((name) => [name, call(name)])) as unknown as Chats),
    opened,
    [Symbol.dispose]: () => opened[Symbol.dispose](),
  }
}

/** Of chats in a test that is not about copies. */
export const noCopies: Pick<Copies, 'facts' | 'settled' | 'erase'> = {
  facts: () => ({ copies: 0, newestAtMs: null, removed: 0, damaged: 0 }),
  settled: async () => {},
  erase: async () => ({ copies: 0, newestAtMs: null, removed: 0, damaged: 0 }),
}

export const usualRun = randomUUID()

export function answerRecordOf(messageId: string): AnswerRecord {
  return {
    messageId,
    writer: { key: 'a'.repeat(64), id: 'somebody/model', title: 'Model', family: 'llama', variant: 'chat' },
    inputs: [],
    library: 'portable',
    adapter: 'none',
    prompt: { kind: 'completion', text: 'Once' },
    promptTokens: 1,
    sampling: { ...plainSampling, temperature: 0, topP: 1, maxTokens: 10, seed: 7 },
    startsAt: 0,
    tokens: null,
  }
}
