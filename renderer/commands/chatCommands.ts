// What can be done with a chat of the list. The keys act while the focus is on the chat.
import type { ChatSummary } from '../../shared/chats/types.ts'
import type { App } from '../state/app.ts'
import { t } from '../words/words.ts'
import type { ItemCommand } from './itemCommand.ts'

/** A newer Hearth wrote the chats: nothing in their list can be changed. */
export function areReadOnly({ chats }: App): boolean {
  return chats.store.getState().notice.kind === 'read-only'
}

type ChatCommand = ItemCommand<ChatSummary, App>

const rename: ChatCommand = {
  id: 'chats.rename',
  title: () => t('sidebar.rename'),
  shortcut: { key: 'F2' },
  isEnabled: () => true,
  run: ({ navigation }, { id }) => navigation.rename(id),
}

const pin: ChatCommand = {
  id: 'chats.pin',
  title: (chat) => t(chat?.isPinned === true ? 'sidebar.unpin' : 'sidebar.pin'),
  shortcut: { key: 'p' },
  isEnabled: () => true,
  run: ({ chats }, { id, isPinned }) => void chats.pin(id, !isPinned),
}

const remove: ChatCommand = {
  id: 'chats.remove',
  title: () => t('sidebar.remove'),
  shortcut: { key: 'Delete' },
  isEnabled: () => true,
  run: ({ chats }, { id }) => void chats.remove([id]),
}

export const chatCommands = { rename, pin, remove } as const
