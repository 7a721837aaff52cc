// German: the same files as English.
import type { en } from '../en/index.ts'
import type { Translated } from '../types.ts'
import { chat } from './chat.ts'
import { commands } from './commands.ts'
import { settings } from './settings.ts'
import { shortcuts } from './shortcuts.ts'

export const de: Translated<typeof en> = { chat, commands, settings, shortcuts }
