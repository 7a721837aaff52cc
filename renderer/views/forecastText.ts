import type { SpeedForecast } from '../state/switching.ts'
import { speedText } from '../words/units.ts'
import { t } from '../words/words.ts'

/** `about 12.1 tokens per second`, or `at most` where no model has run here yet. */
export function forecastText({ tokensPerSecond, isUpperBound }: SpeedForecast): string {
  return t(isUpperBound ? 'units.atMost' : 'units.about', { amount: speedText(tokensPerSecond) })
}
