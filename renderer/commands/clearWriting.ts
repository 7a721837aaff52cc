import type { Command } from './command.ts'

export const clearWriting: Command = {
  id: 'writing.clear',
  title: () => 'Start over',
  shortcut: { key: 'n', mod: true },
  isEnabled: (app) => app.canClear(),
  run: (app) => app.clear(),
}
