import { t } from '../words/words.ts'
import type { Command } from './command.ts'

export const retryModel: Command = {
  id: 'model.retry',
  title: () => t('shell.tryAgain'),
  shortcut: { key: 'F5' },
  isEnabled: (app) => app.models.getState().status.kind === 'failed',
  run: (app) => app.retry(),
}
