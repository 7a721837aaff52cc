import type { Command } from './command.ts'

export const undoWriting: Command = {
  id: 'writing.undo',
  title: (app) => {
    if (app.canBringBack()) return 'Bring back'
    return app.models.getState().selected?.manifest.variant === 'base' ? 'Undo continuation' : 'Take back'
  },
  shortcut: { key: 'Backspace', mod: true, shift: true },
  isEnabled: (app) => app.canUndo(),
  run: (app) => app.undo(),
}
