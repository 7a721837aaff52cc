// Llama's forward as one readable file: the oracle for everything faster. One token at a time against a cache of keys and values, checkpoint tensors
// under their Hugging Face names, float32 activations with float64 sums. After karpathy/llama2.c run.c in spirit; rotary pairs are (i, i + headSize / 2)
// as in huggingface/transformers modeling_llama.py.
import type { DecoderSpec } from '../../shared/compiler/architectures/spec.ts'

/** Checkpoint tensors by Hugging Face name, row-major float32. */
export type Tensors = (name: string) => Float32Array

export interface ForwardOptions {
  /** Keys at positions below this stay visible when the window has moved on; only with a sliding window. */
  readonly sinkTokens?: number
}

/** A model with its cache. */
export interface Forward {
  /** Feeds tokens behind those already fed; gives the logits after each, [vocabulary] per token. */
  readonly feed: (ids: readonly number[]) => readonly Float32Array[]
}

export function createForward(spec: DecoderSpec, tensors: Tensors, { sinkTokens = 0 }: ForwardOptions = {}): Forward {
  const { hiddenSize, intermediateSize, heads, kvHeads, headSize, biases } = spec
  const keyWidth = kvHeads * headSize
  const keys: Float32Array[][] = Array.from({ length: spec.layers }, () => []) // [layer][position] of [kvHeads * headSize]
  const values: Float32Array[][] = Array.from({ length: spec.layers }, () => [])
  let position = 0

  const project = (name: string, x: Float32Array, rows: number, biased: boolean) =>
    linear(tensors(`${name}.weight`), biased ? tensors(`${name}.bias`) : null, x, rows)

  const layer = (index: number, x: Float32Array) => {
    const prefix = `model.layers.${index}`
    const attention = `${prefix}.self_attn`
    const normed = rmsNorm(x, tensors(`${prefix}.input_layernorm.weight`), spec.norm.epsilon)
    const query = project(`${attention}.q_proj`, normed, heads * headSize, biases.qkv)
    const key = project(`${attention}.k_proj`, normed, keyWidth, biases.qkv)
    const value = project(`${attention}.v_proj`, normed, keyWidth, biases.qkv)
    rotate(spec, query, position)
    rotate(spec, key, position)
    keys[index]?.push(key)
    values[index]?.push(value)
    const attended = attend(spec, query, keys[index] ?? [], values[index] ?? [], visible(spec, position, sinkTokens))
    const afterAttention = add(x, project(`${attention}.o_proj`, attended, hiddenSize, biases.attentionOutput))
    const mlpIn = rmsNorm(afterAttention, tensors(`${prefix}.post_attention_layernorm.weight`), spec.norm.epsilon)
    const gate = project(`${prefix}.mlp.gate_proj`, mlpIn, intermediateSize, biases.mlp)
    const up = project(`${prefix}.mlp.up_proj`, mlpIn, intermediateSize, biases.mlp)
    const gated = gate.map((g, column) => (g / (1 + Math.exp(-g))) * (up[column] as number))
    return add(afterAttention, project(`${prefix}.mlp.down_proj`, gated, hiddenSize, biases.mlp))
  }

  const feedOne = (id: number): Float32Array => {
    let x = tensors('model.embed_tokens.weight').slice(id * hiddenSize, (id + 1) * hiddenSize)
    for (let index = 0; index < spec.layers; index++) x = layer(index, x)
    position++
    const last = rmsNorm(x, tensors('model.norm.weight'), spec.norm.epsilon)
    const head = spec.tiedHead ? 'model.embed_tokens.weight' : 'lm_head.weight'
    return linear(tensors(head), null, last, spec.vocabularySize)
  }

  return { feed: (ids) => ids.map(feedOne) }
}

/** Positions a query at `position` sees: all before it and itself, or the last `window` of them and the sink. */
function visible(spec: DecoderSpec, position: number, sinkTokens: number): readonly number[] {
  const all = Array.from({ length: position + 1 }, (_, at) => at)
  const windowTokens = spec.slidingWindowTokens
  if (windowTokens === null) return all
  // The sink's rows are part of the window's room, as in the model library: sink tokens first, then the most recent ones.
  const recent = windowTokens - sinkTokens
  return all.filter((at) => at < sinkTokens || at > position - recent)
}

/** y[rows] = weight[rows, columns] x + bias */
function linear(
  weight: Float32Array,
  bias: Float32Array | null,
  x: Float32Array,
  rows: number,
): Float32Array<ArrayBuffer> {
  const columns = x.length
  const y = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    let sum = bias === null ? 0 : (bias[row] as number)
    for (let column = 0; column < columns; column++)
      sum += (weight[row * columns + column] as number) * (x[column] as number)
    y[row] = sum
  }
  return y
}

function rmsNorm(x: Float32Array, weight: Float32Array, epsilon: number): Float32Array<ArrayBuffer> {
  const meanSquare = x.reduce((sum, value) => sum + value * value, 0) / x.length
  const factor = 1 / Math.sqrt(meanSquare + epsilon)
  return Float32Array.from(x, (value, index) => value * factor * (weight[index] as number))
}

/** Turns each pair (i, i + headSize / 2) of every head by its angle at the position. */
function rotate(spec: DecoderSpec, x: Float32Array, position: number): void {
  const { headSize } = spec
  const { theta, scaling } = spec.position
  const scaled = scaling.kind === 'linear' ? position / scaling.factor : position
  for (let head = 0; head < x.length; head += headSize) {
    for (let pair = 0; pair < headSize / 2; pair++) {
      const angle = scaled * theta ** ((-2 * pair) / headSize)
      const first = x[head + pair] as number
      const second = x[head + pair + headSize / 2] as number
      x[head + pair] = first * Math.cos(angle) - second * Math.sin(angle)
      x[head + pair + headSize / 2] = second * Math.cos(angle) + first * Math.sin(angle)
    }
  }
}

/** Softmax attention of one token's heads over the visible positions; query heads share key heads in equal runs. [heads * headSize] */
function attend(
  spec: DecoderSpec,
  query: Float32Array,
  keys: readonly Float32Array[],
  values: readonly Float32Array[],
  positions: readonly number[],
): Float32Array<ArrayBuffer> {
  const { heads, kvHeads, headSize } = spec
  const out = new Float32Array(heads * headSize)
  for (let head = 0; head < heads; head++) {
    const shared = Math.floor(head / (heads / kvHeads)) * headSize
    const scores = positions.map((at) => {
      let sum = 0
      for (let index = 0; index < headSize; index++)
        sum += (query[head * headSize + index] as number) * (keys[at]?.[shared + index] as number)
      return sum / Math.sqrt(headSize)
    })
    const greatest = scores.reduce((a, b) => Math.max(a, b), -Infinity)
    const weights = scores.map((score) => Math.exp(score - greatest))
    const total = weights.reduce((a, b) => a + b, 0)
    for (let index = 0; index < headSize; index++) {
      let sum = 0
      for (const [rank, at] of positions.entries())
        sum += (weights[rank] as number) * (values[at]?.[shared + index] as number)
      out[head * headSize + index] = sum / total
    }
  }
  return out
}

function add(a: Float32Array, b: Float32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from(a, (value, index) => value + (b[index] as number))
}
