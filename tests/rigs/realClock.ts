// Time as it passes.
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../electron/services/download/types.ts'

export const realClock: Clock = {
  now: Date.now,
  sleep: (delayMs, signal) => delay(delayMs, undefined, { signal }),
}
