import type { Command } from './command.ts'

export const continueWriting: Command = {
  id: 'writing.continue',
  title: (app) => {
    switch (app.models.getState().selected?.manifest.variant) {
      case 'instruct':
        return 'Follow instruction'
      case 'chat':
        return 'Send'
      default:
        return 'Continue'
    }
  },
  shortcut: { key: 'Enter', mod: true },
  isEnabled: (app) => app.canWrite(),
  run: (app) => void app.write(),
}
