// English: one file per part of the app.
import { chat } from './chat.ts'
import { reading } from './reading.ts'

export const en = { chat, reading } as const
