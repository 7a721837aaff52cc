// How long a download goes on trying: failures that pass by themselves are waited out with growing delays, and it gives up only after ten minutes of trying
// in which nothing new came. The minutes are counted by what was tried and waited, not by the clock: a computer that slept for a night has tried nothing.

import { HubError, type HubProblem } from '../hub/problem.ts'
import { retryDelayMs } from '../hub/retry.ts'
import { leastKeptBytes } from './fetchBlock.ts'
import type { Clock, DownloadReports } from './types.ts'

export interface Attempt {
  readonly generation: number
  readonly startedMs: number
}

export interface Patience {
  /** Before each try. Connections that fail together are one failure. */
  begin(): Attempt
  /** Bytes came that were not there before; negative: they are not kept. */
  progress(bytes: number): void
  /** A block came to its end. */
  finished(): void
  /** Waits before the next try; throws the error where waiting is no use any more. */
  after(error: unknown, attempt: Attempt, signal: AbortSignal): Promise<void>
}

export const giveUpMs = 10 * 60_000
/** A try is never counted as more: the rest was sleep, or a clock that was set. */
const longestTryMs = 60_000
/** Signed addresses that ran out: so many in a row are replaced at once, and so many in all before it is no accident. */
const expiredAtOnce = 8
const mostExpired = 16

export function createPatience(
  clock: Clock,
  random: () => number,
  onWait: DownloadReports['onWait'],
  name: string,
): Patience {
  let generation = 0
  let spentMs = 0
  let failures = 0
  let expired = 0
  let freshBytes = 0
  let sharedDelayMs = 0
  const finished = () => {
    spentMs = 0
    failures = 0
    expired = 0
  }
  const wait = async (problem: HubProblem, delayMs: number, signal: AbortSignal) => {
    onWait({ problem, untilMs: clock.now() + delayMs })
    await clock.sleep(delayMs, signal)
  }
  return {
    begin: () => ({ generation, startedMs: clock.now() }),
    progress(bytes) {
      freshBytes += bytes
      // Less is not kept: a server that breaks off again and again is never done.
      if (freshBytes >= leastKeptBytes) finished()
    },
    finished,
    async after(error, attempt, signal) {
      signal.throwIfAborted()
      if (!(error instanceof HubError)) throw error
      const { problem } = error
      const isExpired = problem.code === 'link-expired'
      // A new address is asked for at once, and that is no failure, unless it never works.
      if (isExpired && ++expired <= expiredAtOnce) return
      if (expired > mostExpired) {
        const detail = `${name}: its file server refuses every address that the Hub gives`
        throw new HubError({ code: 'unexpected', host: 'the file server', detail }, { cause: error })
      }
      const isFirst = attempt.generation === generation
      const count = isFirst ? failures + 1 : Math.max(failures, 1)
      const ownDelayMs = isExpired ? 1000 * 2 ** (expired - expiredAtOnce) : retryDelayMs(problem, count, random())
      if (ownDelayMs === null) throw error
      if (!isFirst) return await wait(problem, Math.max(ownDelayMs, sharedDelayMs), signal)
      generation++
      failures = count
      freshBytes = 0
      sharedDelayMs = ownDelayMs
      spentMs += Math.min(Math.max(clock.now() - attempt.startedMs, 0), longestTryMs)
      if (spentMs >= giveUpMs) throw error
      // What the Hub itself asks to wait for is not held against it.
      if (problem.code !== 'rate-limited' || problem.retryAfterSeconds === null) spentMs += ownDelayMs
      await wait(problem, ownDelayMs, signal)
    },
  }
}
