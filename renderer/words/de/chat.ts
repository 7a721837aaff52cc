import type { chat as english } from '../en/chat.ts'
import type { Translated } from '../types.ts'

export const chat: Translated<typeof english> = {
  send: 'Senden',
}
