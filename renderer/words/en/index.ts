// English: one file per part of the app.
import { chat } from './chat.ts'
import { compare } from './compare.ts'
import { sampling } from './sampling.ts'
import { tokens } from './tokens.ts'

export const en = { chat, compare, sampling, tokens } as const
