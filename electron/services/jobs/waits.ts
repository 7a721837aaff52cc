// Which problems of a Hub pass by themselves, so that a job waits instead of failing, and for how long. The steps below try a few times on their own
// (hub/retry.ts); this is for what lasts longer: a train's tunnel, a night without network, the person's own switch.
import type { HubProblem } from '../../../shared/problems.ts'
import { retryDelayMs } from '../hub/retry.ts'

/** So long that only a change of the network, or the person, ends it: 100 days. */
export const untilToldMs = 100 * 24 * 3600 * 1000

/** Not where waiting is no use: certificates and proxies that refuse do not change their mind. */
export function passes(problem: HubProblem): boolean {
  return problem.code === 'switched-off' || retryDelayMs(problem, 1, 0) !== null
}

/** The wait before the next try, after so many failures in a row. */
export function waitMs(problem: HubProblem, failures: number, chance: number): number {
  if (problem.code === 'switched-off') return untilToldMs
  // A new address is asked for at once; one that does not work either is no accident.
  if (problem.code === 'link-expired' && failures > 1) return 1000 * 2 ** Math.min(failures - 1, 6)
  return retryDelayMs(problem, failures, chance) ?? 0
}
