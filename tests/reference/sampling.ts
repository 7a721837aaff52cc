// Sampling in plain float64, written from its definitions with a sort: what the kernels are compared with.

export function referenceSoftmax(logits: ArrayLike<number>, temperature: number): Float64Array {
  const best = Array.from(logits).reduce((a, b) => Math.max(a, b))
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - best) / temperature))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

/** The first of the largest. */
export function referenceArgmax(values: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i
  return best
}

export interface Nucleus {
  /** Ids in falling probability, equal ones by rising id. */
  readonly ids: readonly number[]
  /** Probability held by the ids before the last, and by all: how near the border is to top_p. */
  readonly before: number
  readonly with: number
}

/** The smallest set of the most probable tokens whose sum reaches top_p: a stable falling sort, cut. */
export function referenceNucleus(probs: ArrayLike<number>, topP: number): Nucleus {
  const total = Array.from(probs).reduce((sum, p) => sum + p, 0)
  const order = Array.from(probs, (p, id) => ({ p, id }))
    .filter(({ p }) => p > 0)
    .sort((a, b) => b.p - a.p || a.id - b.id)
  const ids: number[] = []
  let sum = 0
  let before = 0
  for (const { p, id } of order) {
    if (ids.length > 0 && sum >= topP * total) break
    ids.push(id)
    before = sum
    sum += p
  }
  return { ids, before: before / total, with: sum / total }
}

/** Presence, frequency and repetition penalty of one logit. */
export function referencePenalty(
  logit: number,
  count: number,
  [presence, frequency, repetition]: readonly [number, number, number],
): number {
  const z = logit - presence - count * frequency
  return z < 0 ? z * repetition : z / repetition
}

/**
 * Pearson's chi-square statistic of draws against expected probabilities, bins of fewer than 5 expected draws merged, and its degrees of freedom.
 * For many degrees the statistic is about normal with mean `degrees` and variance 2 * degrees.
 */
export function chiSquare(counts: ReadonlyMap<number, number>, probs: ReadonlyMap<number, number>) {
  const draws = [...counts.values()].reduce((sum, count) => sum + count, 0)
  let statistic = 0
  let bins = 0
  let restExpected = 0
  let restSeen = 0
  for (const [id, p] of probs) {
    const expected = p * draws
    const seen = counts.get(id) ?? 0
    if (expected < 5) {
      restExpected += expected
      restSeen += seen
      continue
    }
    statistic += (seen - expected) ** 2 / expected
    bins++
  }
  if (restExpected > 0) {
    statistic += (restSeen - restExpected) ** 2 / restExpected
    bins++
  }
  return { statistic, degrees: bins - 1 }
}
