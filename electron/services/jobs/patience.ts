// How a job tries again while the reason for a failure is one that passes by itself. A wait ends when its time has come, or earlier for whoever knows better.
import type { Job } from '../../../shared/jobs.ts'
import type { Clock } from '../download/types.ts'
import { HubError } from '../hub/problem.ts'
import { passes, waitMs } from './waits.ts'

export interface PatienceOptions {
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Tries of a step that fails for a reason that passes; null tries for ever. */
  readonly tries: number | null
  /** Says why nothing moves, null once it does again. */
  readonly waits: (waiting: Job['waiting']) => void
}

export interface Patience {
  patiently<T>(action: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>
  /** Whatever waits tries now. */
  wake(): void
}

export function createPatience({ clock, random, tries, waits }: PatienceOptions): Patience {
  // A download and the look at a header may wait at once.
  const waiters = new Set<() => void>()
  const pause = async (delayMs: number, signal: AbortSignal) => {
    const woken = new AbortController()
    const wake = () => woken.abort()
    waiters.add(wake)
    try {
      await clock.sleep(delayMs, AbortSignal.any([signal, woken.signal]))
    } catch (error) {
      if (!woken.signal.aborted || signal.aborted) throw error
    } finally {
      waiters.delete(wake)
    }
  }
  return {
    async patiently(action, signal) {
      for (let failures = 1; ; failures++) {
        signal.throwIfAborted()
        try {
          const result = await action(signal)
          waits(null)
          return result
        } catch (error) {
          signal.throwIfAborted()
          const isLast = tries !== null && failures >= tries
          if (!(error instanceof HubError) || !passes(error.problem) || isLast) throw error
          const delayMs = waitMs(error.problem, failures, random())
          waits({ problem: error.problem, untilMs: clock.now() + delayMs })
          await pause(delayMs, signal)
        }
      }
    },
    wake() {
      for (const wake of waiters) wake()
    },
  }
}
