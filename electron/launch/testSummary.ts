// The table that ends `npm test`.

export interface TierResult {
  readonly tier: string
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'not run'
  readonly passed?: number
  readonly failed?: number
  readonly skipped?: number
  readonly reason?: string
  readonly elapsedMs?: number
}

/** One line per tier: name, outcome, seconds, number of tests, and the reason when there is one to tell. */
export function summary(results: readonly TierResult[]): string {
  const rows = results.map((result) =>
    [
      result.tier.padEnd(7),
      result.outcome.padEnd(8),
      result.elapsedMs === undefined ? ''.padStart(8) : `${(result.elapsedMs / 1000).toFixed(1)} s`.padStart(8),
      '  ',
      tests(result),
    ].join(''),
  )
  return `\n${['tier   outcome     time  tests', ...rows].map((row) => row.trimEnd()).join('\n')}\n`
}

/** Of a tier that ran in parts: it passed where all of them did. */
export function joined(parts: readonly Omit<TierResult, 'tier'>[]): Omit<TierResult, 'tier'> {
  const sum = (count: (part: Omit<TierResult, 'tier'>) => number | undefined) =>
    parts.reduce((total, part) => total + (count(part) ?? 0), 0)
  return {
    outcome: parts.every(({ outcome }) => outcome === 'passed') ? 'passed' : 'failed',
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    skipped: sum(({ skipped }) => skipped),
  }
}

function tests({ passed, failed, skipped, reason }: TierResult): string {
  const counts = [
    passed === undefined ? null : `${passed} passed`,
    failed ? `${failed} failed` : null,
    skipped ? `${skipped} skipped` : null,
    reason ?? null,
  ]
  return counts.filter((text) => text !== null).join(', ')
}
