// English: one file per part of the app.
import { chat } from './chat.ts'
import { commands } from './commands.ts'
import { compare } from './compare.ts'
import { conversation } from './conversation.ts'
import { exporting } from './exporting.ts'
import { palette } from './palette.ts'
import { reading } from './reading.ts'
import { sampling } from './sampling.ts'
import { settings } from './settings.ts'
import { sidebar } from './sidebar.ts'
import { tokens } from './tokens.ts'

export const en = {
  chat,
  commands,
  compare,
  conversation,
  exporting,
  palette,
  reading,
  sampling,
  settings,
  sidebar,
  tokens,
} as const
