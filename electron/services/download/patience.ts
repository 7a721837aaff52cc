// How long a download goes on trying: failures that pass by themselves are waited out with growing delays, and it gives up only when nothing at all has come
// for ten minutes. What comes starts the count anew.
import { HubError } from '../hub/problem.ts'
import { retryDelayMs } from '../hub/retry.ts'
import type { Clock, DownloadReports } from './types.ts'

export interface Patience {
  /** Something came. */
  progress(): void
  /** Waits before the next try; throws the error where waiting is no use any more. */
  after(error: unknown, signal: AbortSignal): Promise<void>
}

export const giveUpMs = 10 * 60_000
/** Of signed addresses that run out at once, again and again. */
const mostExpired = 20

export function createPatience(
  clock: Clock,
  random: () => number,
  onWait: DownloadReports['onWait'],
  name: string,
): Patience {
  let lastMs = clock.now()
  let failures = 0
  let expired = 0
  return {
    progress() {
      lastMs = clock.now()
      failures = 0
      expired = 0
    },
    async after(error, signal) {
      signal.throwIfAborted()
      if (!(error instanceof HubError)) throw error
      const { problem } = error
      // A new address is asked for at once, and that is no failure, unless it never works.
      if (problem.code === 'link-expired') {
        expired++
        if (expired > mostExpired) {
          const detail = `${name}: its file server refuses every address that the Hub gives`
          throw new HubError({ code: 'unexpected', host: 'the file server', detail }, { cause: error })
        }
        return
      }
      failures++
      const delayMs = retryDelayMs(problem, failures, random())
      const nowMs = clock.now()
      if (delayMs === null || nowMs - lastMs >= giveUpMs) throw error
      // What the Hub itself asks to wait for is not held against it.
      if (problem.code === 'rate-limited') lastMs = nowMs + delayMs
      onWait({ problem, untilMs: nowMs + delayMs })
      await clock.sleep(delayMs, signal)
    },
  }
}
