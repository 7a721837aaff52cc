// A causal convolution of each channel with its own filter, one token at a time.
import type { Vector } from './linear.ts'

/** weight [channels, size], its last column for the current token; tokens before the first are zero. */
export function createConvolution(
  weight: Float32Array,
  bias: Float32Array | null,
  size: number,
): (x: Float32Array) => Vector {
  const seen: Float32Array[] = []
  return (x) => {
    seen.push(Float32Array.from(x))
    return Float32Array.from(x, (_, channel) => {
      let sum = bias?.[channel] ?? 0
      for (let age = 0; age < size; age++)
        sum += (weight[channel * size + size - 1 - age] as number) * (seen[seen.length - 1 - age]?.[channel] ?? 0)
      return sum
    })
  }
}
