import { formatSpeed } from '../../shared/units.ts'
import type { SpeedForecast } from '../state/switching.ts'

/** `about 12.1 tokens per second`, or `at most` where no model has run here yet. */
export function forecastText({ tokensPerSecond, isUpperBound }: SpeedForecast): string {
  return `${isUpperBound ? 'at most' : 'about'} ${formatSpeed(tokensPerSecond)}`
}
