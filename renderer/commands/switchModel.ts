import { t } from '../words/words.ts'
import type { Command } from './command.ts'

export const switchModel: Command = {
  id: 'model.switch',
  title: () => t('shell.switchModel'),
  shortcut: { key: 'l', mod: true },
  isEnabled: () => true,
  run: ({ navigation }) =>
    navigation.store.getState().switcherOpen ? navigation.closeSwitcher() : navigation.openSwitcher(),
}
