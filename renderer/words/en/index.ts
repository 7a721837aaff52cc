// English: one file per part of the app.
import { chat } from './chat.ts'
import { exporting } from './exporting.ts'
import { palette } from './palette.ts'
import { sidebar } from './sidebar.ts'

export const en = { chat, exporting, palette, sidebar } as const
