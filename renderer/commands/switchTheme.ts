import { t } from '../words/words.ts'
import type { Command } from './command.ts'

export const switchTheme: Command = {
  id: 'appearance.switch',
  title: () => t('shell.switchTheme'),
  shortcut: { key: 'l', mod: true, shift: true },
  isEnabled: () => true,
  run: (app) => app.switchTheme(),
}
