// The panels beside the conversation. The same key once more closes what it opened.
import type { App } from '../state/app.ts'
import type { ChatPanel } from '../state/navigation.ts'
import { t } from '../words/words.ts'
import type { Command } from './command.ts'

const keys = { sampling: 'KeyP', tokens: 'KeyT', compare: 'KeyC' } as const satisfies Record<ChatPanel, string>

function togglePanel(panel: ChatPanel): Command {
  const isOpen = (app: App) => app.navigation.store.getState().panel === panel
  return {
    id: `panel.${panel}`,
    title: (app) => t(isOpen(app) ? `${panel}.hide` : `${panel}.show`),
    shortcut: { key: keys[panel], alt: true },
    isEnabled: () => true,
    run: (app) => app.navigation.togglePanel(panel),
  }
}

export const toggleSampling = togglePanel('sampling')
export const toggleTokens = togglePanel('tokens')
export const toggleCompare = togglePanel('compare')
