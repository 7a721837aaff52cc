// The line that finds text in the open chat.
import { t } from '../words/words.ts'
import type { Command } from './command.ts'

export const findInChat: Command = {
  id: 'chat.find',
  title: () => t('palette.find'),
  shortcut: { key: 'f', mod: true },
  isEnabled: ({ conversation }) => {
    const { path, document } = conversation.store.getState()
    return path.length > 0 || (document !== null && document.text !== '')
  },
  run: ({ navigation, finding }) => {
    finding.ask()
    navigation.openFind()
  },
}

function step(id: string, title: () => string, by: 1 | -1): Command {
  return {
    id,
    title,
    shortcut: { key: 'F3', ...(by === 1 ? {} : { shift: true }) },
    isEnabled: ({ navigation }) => navigation.store.getState().findOpen,
    run: ({ finding }) => finding.step(by),
  }
}

export const findNext = step('chat.findNext', () => t('palette.findNext'), 1)
export const findPrevious = step('chat.findPrevious', () => t('palette.findPrevious'), -1)
