// English: one file per part of the app.
import { chat } from './chat.ts'
import { commands } from './commands.ts'
import { compare } from './compare.ts'
import { sampling } from './sampling.ts'
import { settings } from './settings.ts'
import { shortcuts } from './shortcuts.ts'
import { tokens } from './tokens.ts'

export const en = { chat, commands, compare, sampling, settings, shortcuts, tokens } as const
