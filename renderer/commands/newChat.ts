import { t } from '../words/words.ts'
import type { Command } from './command.ts'

export const newChat: Command = {
  id: 'chat.new',
  title: () => t('conversation.newChat'),
  shortcut: { key: 'n', mod: true },
  isEnabled: () => true,
  run: ({ conversation, navigation }) => {
    navigation.show('chat')
    void conversation.create()
  },
}

/** Of which nothing is ever written to the disk. */
export const newTemporaryChat: Command = {
  id: 'chat.newTemporary',
  title: () => t('conversation.newTemporaryChat'),
  shortcut: { key: 'n', mod: true, shift: true },
  isEnabled: () => true,
  run: ({ conversation, navigation }) => {
    navigation.show('chat')
    void conversation.create({ isTemporary: true })
  },
}
