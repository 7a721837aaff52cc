import { t } from '../words/words.ts'
import type { Command } from './command.ts'

export const undoWriting: Command = {
  id: 'writing.undo',
  title: ({ conversation }) => {
    if (conversation.store.getState().canBringBack) return t('conversation.bringBack')
    return t(conversation.variant() === 'base' ? 'conversation.undoContinuation' : 'conversation.takeBack')
  },
  shortcut: { key: 'Backspace', mod: true, shift: true },
  isEnabled: ({ conversation }) => conversation.canUndo(),
  run: ({ conversation }) => conversation.undo(),
}
