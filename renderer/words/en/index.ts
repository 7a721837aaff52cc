// English: one file per part of the app.
import { chat } from './chat.ts'
import { commands } from './commands.ts'
import { settings } from './settings.ts'
import { shortcuts } from './shortcuts.ts'

export const en = { chat, commands, settings, shortcuts } as const
