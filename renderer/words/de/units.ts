import type { units as english } from '../en/units.ts'
import type { Translated } from '../types.ts'

export const units: Translated<typeof english> = {
  of: '{{part}} von {{whole}}',
  perSecond: '{{amount}} pro Sekunde',
  speed: '{{speed}} Tokens pro Sekunde',
  about: 'etwa {{amount}}',
  atMost: 'höchstens {{amount}}',
  million_one: '{{number}} Million',
  million_other: '{{number}} Millionen',
  billion_one: '{{number}} Milliarde',
  billion_other: '{{number}} Milliarden',
  trillion_one: '{{number}} Billion',
  trillion_other: '{{number}} Billionen',
  models_one: '{{count}} Modell',
  models_other: '{{count}} Modelle',
}
