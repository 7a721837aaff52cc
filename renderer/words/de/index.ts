// German: the same files as English.
import type { en } from '../en/index.ts'
import type { Translated } from '../types.ts'
import { chat } from './chat.ts'
import { reading } from './reading.ts'

export const de: Translated<typeof en> = { chat, reading }
