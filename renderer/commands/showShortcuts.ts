import { t } from '../words/words.ts'
import type { Command } from './command.ts'

export const showShortcuts: Command = {
  id: 'help.shortcuts',
  title: () => t('shell.showShortcuts'),
  shortcut: { key: '/', mod: true },
  otherShortcut: { key: 'F1' },
  isEnabled: () => true,
  run: ({ navigation }) => navigation.toggleShortcuts(),
}
