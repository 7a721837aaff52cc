// How often something that ended may be started again by itself before a person is asked.

const limit = 3
const periodMs = 5 * 60_000

/** Asked at each end; says false from the fourth one within 5 minutes on. Times in milliseconds, never decreasing. */
export function createRestarts(): (nowMs: number) => boolean {
  let ends: readonly number[] = []
  return (nowMs) => {
    ends = [...ends.filter((endMs) => nowMs - endMs < periodMs), nowMs]
    return ends.length <= limit
  }
}
