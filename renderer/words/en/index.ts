// English: one file per part of the app.
import { chat } from './chat.ts'

export const en = { chat } as const
