// The list of chats, and what can be done with the chat that is open.
import type { ChatSummary, SearchHit } from '../../shared/chats/types.ts'
import type { App } from '../state/app.ts'
import { t } from '../words/words.ts'
import { areReadOnly, chatCommands } from './chatCommands.ts'
import type { Command } from './command.ts'
import type { ItemCommand } from './itemCommand.ts'

export const toggleSidebar: Command = {
  id: 'chats.sidebar',
  title: () => t('sidebar.show'),
  shortcut: { key: 'b', mod: true },
  isEnabled: () => true,
  run: ({ navigation }) => {
    if (navigation.store.getState().area === 'chat') navigation.toggleSidebar()
    else navigation.showSidebar()
  },
}

export const openPalette: Command = {
  id: 'palette.open',
  title: () => t('palette.title'),
  shortcut: { key: 'k', mod: true },
  isEnabled: () => true,
  run: ({ navigation }) =>
    navigation.store.getState().paletteOpen ? navigation.closePalette() : navigation.openPalette(),
}

/** Opens a chat of the list; what is looked for in it comes after. */
export function openChat(app: App, id: string): void {
  void showChat(app, id)
}

export async function openHit(app: App, { chatId, messageId }: Pick<SearchHit, 'chatId' | 'messageId'>): Promise<void> {
  await showChat(app, chatId)
  const { path, messages } = app.conversation.store.getState()
  // It may stand on another branch than the one that is seen.
  if (messages.has(messageId) && path.every(({ id }) => id !== messageId)) app.conversation.chooseVersion(messageId)
  app.navigation.seek(messageId)
}

async function showChat({ navigation, conversation }: App, id: string): Promise<void> {
  navigation.show('chat')
  if (conversation.store.getState().chat?.id !== id) await conversation.open(id)
}

export const importChats: Command = {
  id: 'chats.import',
  title: () => t('sidebar.import'),
  shortcut: null,
  isEnabled: (app) => !areReadOnly(app),
  run: ({ navigation, chats }) => {
    navigation.showSidebar()
    void chats.importFile()
  },
}

export const newFolder: Command = {
  id: 'chats.newFolder',
  title: () => t('sidebar.newFolder'),
  shortcut: null,
  isEnabled: (app) => !areReadOnly(app),
  run: (app) => void createFolder(app, null),
}

/** A folder, perhaps with a chat in it, whose name is then written in the list. */
export async function createFolder({ chats, navigation }: App, chatId: string | null): Promise<void> {
  const id = crypto.randomUUID()
  await chats.putFolder({ id, name: t('sidebar.newFolder') })
  if (chatId !== null) await chats.move(chatId, id)
  navigation.rename(id)
}

export const undoRemove: Command = {
  id: 'chats.undoRemove',
  title: () => t('sidebar.undoRemove'),
  shortcut: null,
  isEnabled: ({ chats }) => chats.store.getState().removed.length > 0,
  run: ({ chats }) => void chats.undoRemove(),
}

/** The open chat in the list; undefined for one that is not kept. */
export function openSummary({ chats, conversation }: App): ChatSummary | undefined {
  const id = conversation.store.getState().chat?.id
  return chats.store.getState().chats.find((chat) => chat.id === id)
}

function ofOpenChat(command: ItemCommand<ChatSummary, App>, title: (chat: ChatSummary | undefined) => string): Command {
  return {
    id: `open.${command.id}`,
    title: (app) => title(openSummary(app)),
    shortcut: null,
    isEnabled: (app) => openSummary(app) !== undefined && !areReadOnly(app),
    run: (app) => {
      const chat = openSummary(app)
      if (chat !== undefined) command.run(app, chat)
    },
  }
}

export const openChatCommands = {
  rename: ofOpenChat(chatCommands.rename, () => t('sidebar.renameOpen')),
  pin: ofOpenChat(chatCommands.pin, (chat) => t(chat?.isPinned === true ? 'sidebar.unpinOpen' : 'sidebar.pinOpen')),
  remove: ofOpenChat(chatCommands.remove, () => t('sidebar.removeOpen')),
} as const
