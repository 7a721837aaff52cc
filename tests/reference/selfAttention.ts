// Attention of tokens fed together against a cache of keys and values: grouped heads, rotary positions, ALiBi, clipping, windows, sinks and prefixes.

import type { AttentionSpec, RopeSpec } from '../../shared/compiler/architectures/spec.ts'
import { roundToBfloat16 } from '../../shared/compiler/checkpoint/float16.ts'
import { turnsPerPosition } from './attention.ts'
import { softmax } from './feedForward.ts'
import { project, type Tensors, type Vector } from './linear.ts'
import type { Mixer } from './mixer.ts'
import type { Place } from './places.ts'

export interface Window {
  /** Tokens a query sees, itself and the sink among them; null = all. */
  readonly windowTokens: number | null
  /** The first tokens, which stay visible when the window has moved on. */
  readonly sinkTokens: number
}

export function createSelfAttention(tensors: Tensors, spec: AttentionSpec, window: Window): Mixer {
  const { heads, kvHeads, headSize, rope, clip } = spec
  const keys: Float32Array[] = [] // by position: [kvHeads * headSize]
  const values: Float32Array[] = []
  /** The token's query; its key and value go to the cache. */
  const append = (x: Vector, { numbers }: Place): Vector => {
    const qkv = project(tensors, spec.qkv, x)
    const clipped = clip === null ? qkv : qkv.map((value) => Math.min(clip, Math.max(-clip, value)))
    const valuesStart = (heads + kvHeads) * headSize
    const turned = clipped.slice(0, valuesStart)
    if (rope !== null) for (let head = 0; head < heads + kvHeads; head++) turn(rope, turned, head * headSize, numbers)
    keys.push(turned.slice(heads * headSize))
    values.push(clipped.slice(valuesStart))
    return turned
  }
  return (inputs, places) => {
    const place = (index: number) => places[index] as Place
    // All keys first: in a prefix, tokens see those behind them.
    const queries = inputs.map((x, index) => append(x, place(index)))
    return queries.map((query, index) => {
      const attended = attend(spec, query, keys, values, visible(window, place(index)), place(index).position)
      return project(tensors, spec.output, attended)
    })
  }
}

/** Positions that a query sees: all below its end, or the sink and the most recent ones that the window still has room for. */
function visible({ windowTokens, sinkTokens }: Window, { position, end }: Place): readonly number[] {
  const all = Array.from({ length: end }, (_, at) => at)
  if (windowTokens === null) return all
  return all.filter((at) => at < sinkTokens || at > position - (windowTokens - sinkTokens))
}

/** Turns each pair among the first `size` elements of the head at `start` by its angle at the first number, those of a second plane at the second. */
function turn(rope: RopeSpec, x: Float32Array, start: number, numbers: Place['numbers']): void {
  const { size, pairing, scaling, planes = 1 } = rope
  for (const [plane, number] of numbers.slice(0, planes).entries()) {
    const scaled = scaling.kind === 'linear' ? number / scaling.factor : number
    for (let pair = 0; pair < size / 2; pair++) {
      const angle = scaled * turnsPerPosition(rope, pair)
      const [a, b] = pairing === 'halves' ? [pair, pair + size / 2] : [2 * pair, 2 * pair + 1]
      const at = start + plane * size
      const first = x[at + a] as number
      const second = x[at + b] as number
      x[at + a] = first * Math.cos(angle) - second * Math.sin(angle)
      x[at + b] = second * Math.cos(angle) + first * Math.sin(angle)
    }
  }
}

/** softmax(scale * q . k + slope * (key position - query position)) v, or with rounded biases scale * (q . k + bias); query heads share key heads in equal runs. [heads * headSize] */
function attend(
  { heads, kvHeads, headSize, scale, alibiSlopes, alibiRounding }: AttentionSpec,
  query: Float32Array,
  keys: readonly Float32Array[],
  values: readonly Float32Array[],
  positions: readonly number[],
  now: number,
): Vector {
  const out = new Float32Array(heads * headSize)
  for (let head = 0; head < heads; head++) {
    const shared = Math.floor(head / (heads / kvHeads)) * headSize
    const slope = alibiSlopes?.[head] ?? 0
    const weights = softmax(
      positions.map((at) => {
        let dot = 0
        for (let index = 0; index < headSize; index++)
          dot += (query[head * headSize + index] as number) * (keys[at]?.[shared + index] as number)
        if (alibiRounding === 'bfloat16') return scale * (dot + roundToBfloat16(slope * roundToBfloat16(at)))
        return scale * dot + slope * (at - now)
      }),
    )
    for (let index = 0; index < headSize; index++)
      out[head * headSize + index] = positions.reduce(
        (sum, at, rank) => sum + (weights[rank] as number) * (values[at]?.[shared + index] as number),
        0,
      )
  }
  return out
}
