// The computer's clock and timers, where a test has its own.
import type { Clock } from '../download/types.ts'

/** Timers hold no more than this. */
const longestTimerMs = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const stop = () => {
        clearTimeout(timer)
        reject(signal.reason)
      }
      const timer = setTimeout(
        () => {
          signal.removeEventListener('abort', stop)
          resolve()
        },
        Math.min(delayMs, longestTimerMs),
      )
      signal.addEventListener('abort', stop, { once: true })
    }),
}
