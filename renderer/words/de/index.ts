// German: the same files as English.
import type { en } from '../en/index.ts'
import type { Translated } from '../types.ts'
import { chat } from './chat.ts'
import { exporting } from './exporting.ts'
import { palette } from './palette.ts'
import { sidebar } from './sidebar.ts'

export const de: Translated<typeof en> = { chat, exporting, palette, sidebar }
