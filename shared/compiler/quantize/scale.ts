// The best scale for one group of weights: the format's values are -7 to 8 times the scale, and the scale may be negative.
import { roundScale } from './float16.ts'
import { zeroPoint } from './packing.ts'
import type { RowBlock } from './quantizer.ts'

type ScaleType = RowBlock['scaleType']

const lowest = -zeroPoint
const highest = 15 - zeroPoint

/** Where a candidate scale puts the greatest magnitude of the group: on the side that reaches to 8, or on the one that reaches to -7. */
const positiveReaches = [8.5, 8, 7.5, 7, 6.5, 6, 5.5] as const
const negativeReaches = [7.4, 7, 6.6, 6.2, 5.6] as const
const refinements = 2

/** Weighted squared error of `values[start..end]` at a scale, every value at its nearest multiple. */
export function groupError(
  values: ArrayLike<number>,
  start: number,
  end: number,
  scale: number,
  importance: ArrayLike<number> | null,
): number {
  if (scale === 0) scale = Infinity // every multiple is then zero: w / Infinity rounds to 0
  const inverse = 1 / scale
  const step = scale === Infinity ? 0 : scale
  let error = 0
  for (let index = start; index < end; index++) {
    const value = values[index] as number
    let multiple = Math.floor(value * inverse + 0.5)
    if (multiple < lowest) multiple = lowest
    else if (multiple > highest) multiple = highest
    const difference = value - multiple * step
    error +=
      importance === null ? difference * difference : difference * difference * (importance[index - start] as number)
  }
  return error
}

/** q of one value at a scale: 0 to 15. */
export function nearestQ(value: number, scale: number): number {
  if (scale === 0) return zeroPoint
  return Math.max(0, Math.min(15, Math.floor(value / scale + 0.5) + zeroPoint))
}

/**
 * The candidate with the least error: `nearest` (so the result is never worse than round-to-nearest), the reaches above, and least-squares refinements
 * of the best of them. `importance` [end - start] weighs columns; null counts them alike.
 */
export function bestScale(
  values: ArrayLike<number>,
  start: number,
  end: number,
  nearest: number,
  scaleType: ScaleType,
  importance: ArrayLike<number> | null,
): number {
  let extreme = 0
  for (let index = start; index < end; index++)
    if (Math.abs(values[index] as number) > Math.abs(extreme)) extreme = values[index] as number
  let best = nearest
  let least = groupError(values, start, end, nearest, importance)
  const consider = (candidate: number) => {
    const scale = roundScale(candidate, scaleType)
    if (scale === 0 || !Number.isFinite(scale)) return false
    const error = groupError(values, start, end, scale, importance)
    if (!(error < least)) return false
    least = error
    best = scale
    return true
  }
  for (const reach of positiveReaches) consider(extreme / reach)
  for (const reach of negativeReaches) consider(-extreme / reach)
  for (let round = 0; round < refinements; round++)
    if (!consider(leastSquaresScale(values, start, end, best, importance))) break
  return best
}

/** The scale that fits best when every value keeps the multiple it has at `scale`. */
function leastSquaresScale(
  values: ArrayLike<number>,
  start: number,
  end: number,
  scale: number,
  importance: ArrayLike<number> | null,
): number {
  let numerator = 0
  let denominator = 0
  for (let index = start; index < end; index++) {
    const value = values[index] as number
    const multiple = nearestQ(value, scale) - zeroPoint
    const weight = importance === null ? 1 : (importance[index - start] as number)
    numerator += weight * value * multiple
    denominator += weight * multiple * multiple
  }
  return denominator === 0 ? 0 : numerator / denominator
}
