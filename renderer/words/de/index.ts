// German: the same files as English.
import type { en } from '../en/index.ts'
import type { Translated } from '../types.ts'
import { chat } from './chat.ts'
import { commands } from './commands.ts'
import { compare } from './compare.ts'
import { conversation } from './conversation.ts'
import { copies } from './copies.ts'
import { downloads } from './downloads.ts'
import { exporting } from './exporting.ts'
import { family } from './family.ts'
import { hardware } from './hardware.ts'
import { importing } from './importing.ts'
import { inspect } from './inspect.ts'
import { installed } from './installed.ts'
import { lineage } from './lineage.ts'
import { models } from './models.ts'
import { network } from './network.ts'
import { palette } from './palette.ts'
import { problems } from './problems.ts'
import { reading } from './reading.ts'
import { sampling } from './sampling.ts'
import { settings } from './settings.ts'
import { shell } from './shell.ts'
import { shortcuts } from './shortcuts.ts'
import { sidebar } from './sidebar.ts'
import { switcher } from './switcher.ts'
import { tokens } from './tokens.ts'
import { units } from './units.ts'

export const de: Translated<typeof en> = {
  chat,
  commands,
  compare,
  conversation,
  copies,
  downloads,
  exporting,
  family,
  hardware,
  importing,
  inspect,
  installed,
  lineage,
  models,
  network,
  palette,
  problems,
  reading,
  sampling,
  settings,
  shell,
  shortcuts,
  sidebar,
  switcher,
  tokens,
  units,
}
