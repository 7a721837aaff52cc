// The angle per position by which each pair of a head turns.
import type { RopeSpec } from '../architectures/spec.ts'

/** One per pair, rounded to float32 first, as in transformers' LlamaRotaryEmbedding. Linear scaling is not in them: it divides positions. */
export function ropeFrequencies({ theta, size, scaling }: RopeSpec): readonly number[] {
  return Array.from({ length: size / 2 }, (_, pair) => {
    const frequency = Math.fround(1 / theta ** ((2 * pair) / size))
    if (scaling.kind !== 'llama3') return frequency
    const { factor, lowFrequencyFactor, highFrequencyFactor, originalContextTokens } = scaling
    const wavesInContext = (originalContextTokens * frequency) / (2 * Math.PI)
    const share = (wavesInContext - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor)
    const kept = Math.min(1, Math.max(0, share))
    return Math.fround(((1 - kept) / factor + kept) * frequency)
  })
}
