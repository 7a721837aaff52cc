import type { compare as english } from '../en/compare.ts'
import type { Translated } from '../types.ts'

export const compare: Translated<typeof english> = {
  title: 'Vergleich',
  show: 'Modelle vergleichen',
  hide: 'Vergleich schließen',
}
