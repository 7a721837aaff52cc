// Attention, norm, rotary embedding and activation in plain float64, written from their definitions: what the kernels are compared with.

export interface ReferenceHeads {
  readonly heads: number
  readonly kvHeads: number
  readonly headSize: number
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
  { heads, kvHeads, headSize }: ReferenceHeads,
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
        return dot / Math.sqrt(headSize)
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

/** Rotates [tokens, heads, headSize] at absolute positions position.. : element i turns with element i + headSize / 2 by position * theta^(-2i / headSize). */
export function referenceRope(
  x: ArrayLike<number>,
  heads: number,
  headSize: number,
  position: number,
  theta: number,
  stretch = 1,
): Float64Array {
  const out = Float64Array.from(x)
  const half = headSize / 2
  for (let start = 0; start < x.length; start += headSize) {
    const at = (position + Math.floor(start / (heads * headSize))) / stretch
    for (let i = 0; i < half; i++) {
      const angle = at * Math.fround(1 / theta ** ((2 * i) / headSize))
      const a = x[start + i] as number
      const b = x[start + i + half] as number
      out[start + i] = a * Math.cos(angle) - b * Math.sin(angle)
      out[start + i + half] = b * Math.cos(angle) + a * Math.sin(angle)
    }
  }
  return out
}

/** @param x [rows, weight.length] */
export function referenceRmsNorm(x: ArrayLike<number>, weight: ArrayLike<number>, epsilon: number): Float64Array {
  const columns = weight.length
  const out = new Float64Array(x.length)
  for (let row = 0; row < x.length / columns; row++) {
    let squares = 0
    for (let k = 0; k < columns; k++) squares += (x[row * columns + k] as number) ** 2
    const factor = 1 / Math.sqrt(squares / columns + epsilon)
    for (let k = 0; k < columns; k++)
      out[row * columns + k] = (x[row * columns + k] as number) * factor * (weight[k] as number)
  }
  return out
}

/** @param gateUp [rows, 2 * intermediate], gate first */
export function referenceGatedSilu(gateUp: ArrayLike<number>, intermediate: number): Float64Array {
  return Float64Array.from({ length: gateUp.length / 2 }, (_, index) => {
    const start = Math.floor(index / intermediate) * 2 * intermediate + (index % intermediate)
    const gate = gateUp[start] as number
    return (gate / (1 + Math.exp(-gate))) * (gateUp[start + intermediate] as number)
  })
}
