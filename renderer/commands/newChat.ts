import { t } from '../words/words.ts'
import type { Command } from './command.ts'

export const newChat: Command = {
  id: 'chat.new',
  title: () => t('sidebar.newChat'),
  shortcut: { key: 'n', mod: true },
  isEnabled: () => true,
  run: ({ navigation, conversation }) => {
    navigation.show('chat')
    void conversation.create()
  },
}
