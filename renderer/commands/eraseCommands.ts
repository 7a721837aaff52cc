// Takes what was removed out of everything that is kept of chats. Both show the page that tells how it went.
import type { App } from '../state/app.ts'
import { t } from '../words/words.ts'
import { areReadOnly } from './chatCommands.ts'
import type { Command } from './command.ts'

const canErase = (app: App) => !areReadOnly(app) && app.copies.store.getState().progress !== 'erasing'

function erase(app: App, damaged: boolean): void {
  app.navigation.showSettings('storage')
  void app.copies.erase(damaged)
}

export const eraseRemoved: Command = {
  id: 'chats.erase',
  title: () => t('copies.erase'),
  shortcut: null,
  isEnabled: canErase,
  run: (app) => erase(app, false),
}

/** Of the page alone, behind a question: what is in those files may be nowhere else. */
export const eraseDamaged = { isEnabled: canErase, run: (app: App) => erase(app, true) } as const
