// The tokens of a reply with their probabilities and those that might have stood in their place.
import type { TokenChoice, TracedToken } from '../../shared/chats/types.ts'
import type { Step } from './pipeline.ts'
import type { TokenText } from './tokenText.ts'

/** `alternatives` of the most likely ids, most likely first, the lowest id first among equals. */
export function traceToken({ id, probabilities }: Step, alternatives: number, textOf: TokenText): TracedToken {
  const choice = (of: number): TokenChoice => ({
    id: of,
    text: textOf(of),
    logProbability: logarithm(probabilities[of] ?? 0),
  })
  return { ...choice(id), alternatives: likeliest(probabilities, alternatives).map(choice) }
}

function logarithm(probability: number): number | null {
  return probability > 0 ? Math.log(probability) : null
}

function likeliest(probabilities: ArrayLike<number>, count: number): readonly number[] {
  const best: number[] = []
  for (let id = 0; id < probabilities.length; id++) {
    const probability = probabilities[id] ?? 0
    if (best.length === count && probability <= (probabilities[best[count - 1] ?? 0] ?? 0)) continue
    let place = best.length
    while (place > 0 && probability > (probabilities[best[place - 1] ?? 0] ?? 0)) place -= 1
    best.splice(place, 0, id)
    if (best.length > count) best.pop()
  }
  return best
}
