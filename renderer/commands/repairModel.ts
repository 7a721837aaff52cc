import { t } from '../words/words.ts'
import type { Command } from './command.ts'

export const repairModel: Command = {
  id: 'model.repair',
  title: () => t('shell.repair'),
  shortcut: { key: 'KeyR', alt: true, shift: true },
  isEnabled: (app) => app.canRepair(),
  run: (app) => void app.repair(),
}
