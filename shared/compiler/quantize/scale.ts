// The best scale for one group of weights: the format's values are -7 to 8 times the scale, and the scale may be negative.
import { roundScale } from './float16.ts'
import { zeroPoint } from './packing.ts'
import { groupColumns, type RowBlock } from './quantizer.ts'

type ScaleType = RowBlock['scaleType']

const lowest = -zeroPoint
const highest = 15 - zeroPoint

/** Where a candidate scale puts the greatest magnitude of the group: on the side that reaches to 8, or on the one that reaches to -7. */
const positiveReaches = [8.5, 8, 7.5, 7, 6.5, 6, 5.5] as const
const negativeReaches = [7.4, 7, 6.6, 6.2, 5.6] as const
const refinements = 2
/** 1.5 * 2^52: adding and subtracting it rounds to a whole number, faster than Math.floor. */
const rounder = 6_755_399_441_055_744

/** q of one value at a scale: 0 to 15. */
export function nearestQ(value: number, scale: number): number {
  if (scale === 0) return zeroPoint
  return Math.max(0, Math.min(15, Math.floor(value / scale + 0.5) + zeroPoint))
}

// The group at hand, in arrays of one kind: the loop below runs for every weight and candidate.
const group = new Float64Array(groupColumns)
const groupWeights = new Float64Array(groupColumns)

/**
 * The candidate with the least weighted squared error over `values[start..end]`, every value at its nearest multiple: `nearest` (so the result is never
 * worse than round-to-nearest), the reaches above, and least-squares refinements of the best of them. `importance` [end - start] weighs columns; null
 * counts them alike.
 */
export function bestScale(
  values: ArrayLike<number>,
  start: number,
  end: number,
  nearest: number,
  scaleType: ScaleType,
  importance: ArrayLike<number> | null,
): number {
  const size = end - start
  let extreme = 0
  for (let index = 0; index < size; index++) {
    const value = values[start + index] as number
    group[index] = value
    groupWeights[index] = importance === null ? 1 : (importance[index] as number)
    if (Math.abs(value) > Math.abs(extreme)) extreme = value
  }
  let best = nearest
  let least = nearest === 0 ? zeroError(size) : groupError(size, nearest)
  const consider = (candidate: number): boolean => {
    const scale = roundScale(candidate, scaleType)
    if (scale === 0 || !Number.isFinite(scale)) return false
    const error = groupError(size, scale)
    if (!(error < least)) return false
    least = error
    best = scale
    return true
  }
  for (const reach of positiveReaches) consider(extreme / reach)
  for (const reach of negativeReaches) consider(-extreme / reach)
  for (let round = 0; round < refinements && best !== 0; round++) if (!consider(leastSquaresScale(size, best))) break
  return best
}

function groupError(size: number, scale: number): number {
  const inverse = 1 / scale
  let error = 0
  for (let index = 0; index < size; index++) {
    const value = group[index] as number
    let multiple = value * inverse + rounder - rounder
    if (multiple < lowest) multiple = lowest
    else if (multiple > highest) multiple = highest
    const difference = value - multiple * scale
    error += difference * difference * (groupWeights[index] as number)
  }
  return error
}

function zeroError(size: number): number {
  let error = 0
  for (let index = 0; index < size; index++) error += (group[index] as number) ** 2 * (groupWeights[index] as number)
  return error
}

/** The scale that fits best when every value keeps the multiple it has at `scale`. */
function leastSquaresScale(size: number, scale: number): number {
  let numerator = 0
  let denominator = 0
  for (let index = 0; index < size; index++) {
    const value = group[index] as number
    const multiple = nearestQ(value, scale) - zeroPoint
    const weighted = (groupWeights[index] as number) * multiple
    numerator += weighted * value
    denominator += weighted * multiple
  }
  return denominator === 0 ? 0 : numerator / denominator
}
