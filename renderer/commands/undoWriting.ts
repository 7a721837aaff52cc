import { t } from '../words/words.ts'
import type { Command } from './command.ts'

/** Takes back the newest continuation or exchange, or brings back what was removed. */
export const undoWriting: Command = {
  id: 'writing.undo',
  title: ({ conversation }) => t(conversation.variant() === 'base' ? 'chat.undoContinuation' : 'chat.takeBack'),
  shortcut: { key: 'Backspace', mod: true, shift: true },
  isEnabled: ({ conversation }) => conversation.canUndo(),
  run: ({ conversation }) => conversation.undo(),
}
