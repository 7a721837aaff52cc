// English: one file per part of the app.
import { chat } from './chat.ts'
import { commands } from './commands.ts'
import { compare } from './compare.ts'
import { conversation } from './conversation.ts'
import { exporting } from './exporting.ts'
import { network } from './network.ts'
import { palette } from './palette.ts'
import { reading } from './reading.ts'
import { sampling } from './sampling.ts'
import { settings } from './settings.ts'
import { shell } from './shell.ts'
import { shortcuts } from './shortcuts.ts'
import { sidebar } from './sidebar.ts'
import { switcher } from './switcher.ts'
import { tokens } from './tokens.ts'
import { units } from './units.ts'

export const en = {
  chat,
  commands,
  compare,
  conversation,
  exporting,
  network,
  palette,
  reading,
  sampling,
  settings,
  shell,
  shortcuts,
  sidebar,
  switcher,
  tokens,
  units,
} as const
