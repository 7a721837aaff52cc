// German: the same files as English.
import type { en } from '../en/index.ts'
import type { Translated } from '../types.ts'
import { chat } from './chat.ts'
import { commands } from './commands.ts'
import { compare } from './compare.ts'
import { conversation } from './conversation.ts'
import { reading } from './reading.ts'
import { sampling } from './sampling.ts'
import { settings } from './settings.ts'
import { tokens } from './tokens.ts'

export const de: Translated<typeof en> = { chat, commands, compare, conversation, reading, sampling, settings, tokens }
