import type { Command } from './command.ts'

export const stopWriting: Command = {
  id: 'writing.stop',
  title: () => 'Stop',
  shortcut: { key: 'Escape' },
  isEnabled: (app) => ['reading', 'writing'].includes(app.writing.getState().run.kind),
  run: (app) => app.stop(),
}
