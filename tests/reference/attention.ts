// Attention, rotary embedding and norms of whole chunks in plain float64, written from their definitions: what the kernels are compared with.
import type { RopeSpec } from '../../shared/compiler/architectures/spec.ts'
import type { NormCode } from '../../shared/compiler/kernels/norm.ts'

export interface ReferenceHeads {
  readonly heads: number
  readonly kvHeads: number
  readonly headSize: number
}

/** softmax(scale * q . k + alibiSlopes[head] * (key position - query position)). */
export interface ReferenceScores {
  readonly scale: number
  readonly alibiSlopes: readonly number[] | null
}

/** Window in tokens, the sink and the query's own position included. */
export interface ReferenceWindow {
  readonly window: number
  readonly sink: number
}

/**
 * Attention of queries at absolute positions position..position + tokens - 1 over keys and values at absolute positions 0.. .
 * @param query [tokens, heads, headSize]
 * @param keys [positions, kvHeads, headSize], values alike
 * @returns [tokens, heads, headSize]
 */
export function referenceAttention(
  { heads, kvHeads, headSize, scale, alibiSlopes }: ReferenceHeads & ReferenceScores,
  { window, sink }: ReferenceWindow,
  position: number,
  query: ArrayLike<number>,
  keys: ArrayLike<number>,
  values: ArrayLike<number>,
): Float64Array {
  const tokens = query.length / (heads * headSize)
  const out = new Float64Array(query.length)
  for (let token = 0; token < tokens; token++) {
    const at = position + token
    const seen = Array.from({ length: at + 1 }, (_, j) => j).filter((j) => j < sink || j > at - (window - sink))
    for (let head = 0; head < heads; head++) {
      const kv = Math.floor((head * kvHeads) / heads)
      const start = (token * heads + head) * headSize
      const scores = seen.map((j) => {
        let dot = 0
        for (let i = 0; i < headSize; i++) {
          dot += (query[start + i] as number) * (keys[(j * kvHeads + kv) * headSize + i] as number)
        }
        return scale * dot + (alibiSlopes?.[head] ?? 0) * (j - at)
      })
      const best = Math.max(...scores)
      const weights = scores.map((score) => Math.exp(score - best))
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      seen.forEach((j, index) => {
        for (let i = 0; i < headSize; i++) {
          const value = values[(j * kvHeads + kv) * headSize + i] as number
          out[start + i] = (out[start + i] as number) + ((weights[index] as number) / total) * value
        }
      })
    }
  }
  return out
}

/**
 * The cache buffer after positions 0..length - 1 were appended one after the other: sink rows stay, the others form a ring.
 * @param rows [length, kvHeads, headSize]
 * @returns [kvHeads, capacity, headSize]
 */
export function referenceCache(
  rows: ArrayLike<number>,
  { kvHeads, headSize }: Pick<ReferenceHeads, 'kvHeads' | 'headSize'>,
  capacity: number,
  sink: number,
): Float32Array<ArrayBuffer> {
  const cache = new Float32Array(kvHeads * capacity * headSize)
  const length = rows.length / (kvHeads * headSize)
  for (let position = 0; position < length; position++) {
    const row = position < capacity ? position : sink + ((position - sink) % (capacity - sink))
    for (let kv = 0; kv < kvHeads; kv++) {
      for (let i = 0; i < headSize; i++) {
        cache[(kv * capacity + row) * headSize + i] = rows[(position * kvHeads + kv) * headSize + i] as number
      }
    }
  }
  return cache
}

/** Rotates [tokens, heads, headSize] at absolute positions position.. by the definition of RopeSpec, frequencies rounded to float32. */
export function referenceRope(
  x: ArrayLike<number>,
  { heads, headSize }: Pick<ReferenceHeads, 'heads' | 'headSize'>,
  position: number,
  rope: RopeSpec,
): Float64Array {
  const { size, pairing, scaling } = rope
  const out = Float64Array.from(x)
  const stretch = scaling.kind === 'linear' ? scaling.factor : 1
  for (let start = 0; start < x.length; start += headSize) {
    const at = (position + Math.floor(start / (heads * headSize))) / stretch
    for (let pair = 0; pair < size / 2; pair++) {
      const angle = at * Math.fround(turnsPerPosition(rope, pair))
      const [first, second] = pairing === 'halves' ? [pair, pair + size / 2] : [2 * pair, 2 * pair + 1]
      const a = x[start + first] as number
      const b = x[start + second] as number
      out[start + first] = a * Math.cos(angle) - b * Math.sin(angle)
      out[start + second] = b * Math.cos(angle) + a * Math.sin(angle)
    }
  }
  return out
}

/** Radians. Llama 3.1's scaling as three cases by wavelength, the way its authors wrote it (meta-llama/llama-models models/llama3/model.py). */
export function turnsPerPosition({ theta, size, scaling }: RopeSpec, pair: number): number {
  const frequency = theta ** ((-2 * pair) / size)
  if (scaling.kind !== 'llama3') return frequency
  const wavelength = (2 * Math.PI) / frequency
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContextTokens: tokens } = scaling
  if (wavelength < tokens / high) return frequency
  if (wavelength > tokens / low) return frequency / factor
  const smooth = (tokens / wavelength - low) / (high - low)
  return ((1 - smooth) * frequency) / factor + smooth * frequency
}

/** @param x [rows, columns]; weight and bias [columns], read where the norm has such */
export function referenceNorm(
  x: ArrayLike<number>,
  columns: number,
  norm: NormCode,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
): Float64Array {
  const out = new Float64Array(x.length)
  for (let start = 0; start < x.length; start += columns) {
    const row = Array.from({ length: columns }, (_, k) => x[start + k] as number)
    const mean = norm.kind === 'layer' ? average(row) : 0
    const square = average(row.map((value) => (value - mean) ** 2))
    const divisor = norm.epsilonOutsideRoot ? Math.sqrt(square) + norm.epsilon : Math.sqrt(square + norm.epsilon)
    row.forEach((value, k) => {
      const gain = norm.weight ? (weight[k] as number) : 1
      out[start + k] = ((value - mean) / divisor) * gain + (norm.bias ? (bias[k] as number) : 0)
    })
  }
  return out
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
