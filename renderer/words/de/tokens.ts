import type { tokens as english } from '../en/tokens.ts'
import type { Translated } from '../types.ts'

export const tokens: Translated<typeof english> = {
  title: 'Token',
  show: 'Token zeigen',
  hide: 'Token ausblenden',
}
