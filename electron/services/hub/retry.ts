// Trying again, in sight of the caller: which problems pass by themselves, how long to wait, and after how many tries it is enough.
import { HubError, type HubProblem } from './problem.ts'

export interface Retries {
  /** Tries in all, the first included. */
  readonly tries: number
  /** Rejects with the signal's reason when it is aborted. */
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Told before each wait. */
  readonly onWait?: (wait: {
    readonly problem: HubProblem
    readonly delayMs: number
    readonly triesLeft: number
  }) => void
}

const firstDelayMs = 1000
const longestDelayMs = 60_000
/** Certificates and proxies that refuse do not change their mind. */
const lastingReasons = /\bCERT_|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|ERR_SSL_WRONG_VERSION|\b407\b/
const passingStatuses = new Set([408, 500, 502, 503, 504])

/** Runs an action until it succeeds, fails for good, or the tries are used up; rejects with the last error. */
export async function withRetries<T>(
  action: (signal: AbortSignal) => Promise<T>,
  { tries, sleep, random, onWait }: Retries,
  signal: AbortSignal,
): Promise<T> {
  for (let done = 1; ; done++) {
    signal.throwIfAborted()
    try {
      return await action(signal)
    } catch (error) {
      signal.throwIfAborted()
      const delayMs = error instanceof HubError ? retryDelayMs(error.problem, done, random()) : null
      if (!(error instanceof HubError) || delayMs === null || done >= tries) throw error
      onWait?.({ problem: error.problem, delayMs, triesLeft: tries - done })
      await sleep(delayMs, signal)
    }
  }
}

/**
 * The wait before the next try, null for a problem that stays. Doubles from one second, with up to a half more by chance, so that many clients do not come
 * back at once; what the Hub asks for is waited for in full.
 */
export function retryDelayMs(problem: HubProblem, done: number, chance: number): number | null {
  const backOffMs = Math.min(firstDelayMs * 2 ** (done - 1), longestDelayMs) * (1 + chance / 2)
  switch (problem.code) {
    case 'rate-limited':
      return problem.retryAfterSeconds === null ? backOffMs : problem.retryAfterSeconds * 1000 + chance * firstDelayMs
    case 'server':
      return passingStatuses.has(problem.status) ? backOffMs : null
    case 'offline':
      return lastingReasons.test(problem.detail) ? null : backOffMs
    case 'link-expired':
      return 0
    case 'switched-off':
    case 'bad-name':
    case 'missing':
    case 'gated':
    case 'disabled':
    case 'token-refused':
    case 'changed':
    case 'unexpected':
      return null
    default:
      return problem satisfies never
  }
}
