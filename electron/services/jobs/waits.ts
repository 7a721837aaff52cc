// Which problems of a Hub pass by themselves, so that a job waits instead of failing, and for how long. The steps below try a few times on their own
// (hub/retry.ts); this is for what lasts longer: a train's tunnel, a night without network, the person's own switch.
import type { HubProblem } from '../../../shared/problems.ts'
import { retryDelayMs } from '../hub/retry.ts'

/** So long that only a change of the network, or the person, ends it: 100 days. */
export const untilToldMs = 100 * 24 * 3600 * 1000

export function passes({ code }: HubProblem): boolean {
  return code === 'offline' || code === 'rate-limited' || code === 'switched-off' || code === 'link-expired'
}

/** The wait before the next try, after so many failures in a row. */
export function waitMs(problem: HubProblem, failures: number, chance: number): number {
  if (problem.code === 'switched-off') return untilToldMs
  return retryDelayMs(problem, failures, chance) ?? 0
}
