import type { Command } from './command.ts'

export const switchTheme: Command = {
  id: 'appearance.switch',
  title: () => 'Switch between light and dark',
  shortcut: { key: 'l', mod: true, shift: true },
  isEnabled: () => true,
  run: (app) => app.switchTheme(),
}
