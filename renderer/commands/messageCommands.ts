// What can be done with a message of the open chat. The keys act while the focus is on the message.
import type { Message } from '../../shared/chats/types.ts'
import type { OpenConversation } from '../state/chats/api.ts'
import { t } from '../words/words.ts'
import type { ItemCommand } from './itemCommand.ts'

export interface MessageItem {
  readonly message: Message
  /** Where it stands among its versions, from 0. */
  readonly version: number
  readonly versions: readonly Message[]
  /** Nothing runs: the chat may change. */
  readonly isIdle: boolean
  /** It is read alone. */
  readonly isLocked: boolean
  /** A model is ready to write. */
  readonly canWrite: boolean
}

/** What the commands act on. */
export interface MessageParts {
  readonly conversation: Pick<
    OpenConversation,
    'regenerate' | 'continueAnswer' | 'runAgain' | 'fork' | 'removeMessage' | 'chooseVersion'
  >
  readonly copy: (message: Message) => void
  readonly edit: (message: Message) => void
  readonly inspect: (messageId: string) => void
  readonly removed: (message: Message) => void
}

type MessageCommand = ItemCommand<MessageItem, MessageParts>

const isAnswer = ({ message }: MessageItem) => message.role === 'assistant'
const mayChange = (item: MessageItem) => item.isIdle && !item.isLocked
const mayWrite = (item: MessageItem) => mayChange(item) && item.canWrite

const copy: MessageCommand = {
  id: 'message.copy',
  title: () => t('chat.action.copy'),
  shortcut: { key: 'c' },
  isEnabled: ({ message }) => message.text !== '',
  run: ({ copy: act }, { message }) => act(message),
}

const edit: MessageCommand = {
  id: 'message.edit',
  title: () => t('chat.action.edit'),
  shortcut: { key: 'F2' },
  otherShortcut: { key: 'e' },
  isEnabled: (item) => item.message.role === 'user' && mayChange(item),
  run: ({ edit: act }, { message }) => act(message),
}

const regenerate: MessageCommand = {
  id: 'message.regenerate',
  title: () => t('chat.action.regenerate'),
  shortcut: { key: 'r' },
  isEnabled: (item) => isAnswer(item) && mayWrite(item),
  run: ({ conversation }, { message }) => void conversation.regenerate(message.id),
}

const goOn: MessageCommand = {
  id: 'message.continue',
  title: () => t('chat.action.continue'),
  shortcut: { key: 'g' },
  isEnabled: (item) => isAnswer(item) && mayWrite(item) && isCut(item.message),
  run: ({ conversation }, { message }) => void conversation.continueAnswer(message.id),
}

const runAgain: MessageCommand = {
  id: 'message.runAgain',
  title: () => t('chat.action.runAgain'),
  shortcut: { key: 'a' },
  isEnabled: (item) => isAnswer(item) && mayWrite(item) && item.message.state === 'done',
  run: ({ conversation }, { message }) => void conversation.runAgain(message.id),
}

const fork: MessageCommand = {
  id: 'message.fork',
  title: () => t('chat.action.fork'),
  shortcut: { key: 'f' },
  isEnabled: ({ isIdle }) => isIdle,
  run: ({ conversation }, { message }) => void conversation.fork(message.id),
}

const tokens: MessageCommand = {
  id: 'message.tokens',
  title: () => t('chat.action.tokens'),
  shortcut: { key: 't' },
  isEnabled: ({ message }) => message.writer !== null && message.state !== 'streaming',
  run: ({ inspect }, { message }) => inspect(message.id),
}

const remove: MessageCommand = {
  id: 'message.remove',
  title: () => t('chat.action.remove'),
  shortcut: { key: 'Delete' },
  isEnabled: mayChange,
  run: ({ conversation, removed }, { message }) => {
    removed(message)
    void conversation.removeMessage(message.id)
  },
}

function toVersion(step: -1 | 1, id: string, title: () => string, key: string): MessageCommand {
  return {
    id,
    title,
    shortcut: { key },
    isEnabled: ({ isIdle, version, versions }) => isIdle && versions[version + step] !== undefined,
    run: ({ conversation }, { version, versions }) => {
      const chosen = versions[version + step]
      if (chosen !== undefined) conversation.chooseVersion(chosen.id)
    },
  }
}

export const versionCommands = {
  previous: toVersion(-1, 'message.previous', () => t('chat.action.previous'), 'ArrowLeft'),
  next: toVersion(1, 'message.next', () => t('chat.action.next'), 'ArrowRight'),
} as const

export const messageCommands = { copy, edit, regenerate, goOn, runAgain, fork, tokens, remove } as const

/** Keys of the list itself, for the list of shortcuts. */
export const messageKeys = [
  { id: 'messages.up', title: () => t('chat.action.focusUp'), shortcut: { key: 'ArrowUp' } },
  { id: 'messages.down', title: () => t('chat.action.focusDown'), shortcut: { key: 'ArrowDown' } },
  { id: 'messages.first', title: () => t('chat.action.focusFirst'), shortcut: { key: 'Home' } },
  { id: 'messages.last', title: () => t('chat.action.focusLast'), shortcut: { key: 'End' } },
] as const

/** The model did not end it itself. */
export function isCut({ state, finish }: Pick<Message, 'state' | 'finish'>): boolean {
  return state === 'interrupted' || finish === 'length' || finish === 'stopped'
}
