// A plain forward over whole sequences that stops before every matrix, so that calibration can look at the matrix's inputs (and quantize it) before
// it is used. Float32 activations, float64 sums. Unlike the graph it needs neither cache nor chunks: sequences are short and known.
import type { DecoderSpec } from '../architectures/spec.ts'
import { type Multiply, multiplyRows } from './matrix.ts'

/** Weights under MLC's names (`model.layers.0.self_attn.qkv_proj.weight`), as float32. */
export type WeightsByName = (name: string) => Float32Array

/** Before a matrix is used: its inputs, [tokens, columns]. */
export interface MatrixStep {
  readonly name: string
  readonly inputs: Float32Array
  readonly columns: number
  /** What the matrix's output is added to, [tokens, hidden]; null where it is not added to anything. */
  readonly residual: Float32Array | null
}

/**
 * Runs the sequences (each a list of token ids from position 0) side by side. Yields before each matrix in the order of use, layer by layer, and
 * asks `weights` for it only when resumed. Returns the normed hidden states [tokens, hidden] the head reads, sequences one after the other.
 */
export function* decoderSteps(
  spec: DecoderSpec,
  weights: WeightsByName,
  sequences: readonly (readonly number[])[],
  multiply: Multiply = multiplyRows,
): Generator<MatrixStep, Float32Array, void> {
  const tokens = sequences.flat()
  const rotary = rotaryTable(spec, Math.max(...sequences.map((sequence) => sequence.length)))
  const x = embed(weights('model.embed_tokens.weight'), tokens, spec.hiddenSize)
  const attentionWidth = spec.heads * spec.headSize
  function* linear(
    prefix: string,
    inputs: Float32Array,
    columns: number,
    rows: number,
    bias: boolean,
    residual: Float32Array | null,
  ) {
    yield { name: `${prefix}.weight`, inputs, columns, residual }
    const out = multiply(inputs, weights(`${prefix}.weight`), tokens.length, rows, columns)
    if (bias) addToRows(out, weights(`${prefix}.bias`))
    return out
  }
  const norm = (name: string) => rmsNorm(x, weights(name), spec.norm.epsilon)
  for (let layer = 0; layer < spec.layers; layer++) {
    const prefix = `model.layers.${layer}`
    const normed = norm(`${prefix}.input_layernorm.weight`)
    const qkvRows = attentionWidth + 2 * spec.kvHeads * spec.headSize
    const qkv = yield* linear(`${prefix}.self_attn.qkv_proj`, normed, spec.hiddenSize, qkvRows, spec.biases.qkv, null)
    const attended = attend(spec, qkv, sequences, rotary)
    const output = `${prefix}.self_attn.o_proj`
    add(x, yield* linear(output, attended, attentionWidth, spec.hiddenSize, spec.biases.attentionOutput, x))
    const mlpIn = norm(`${prefix}.post_attention_layernorm.weight`)
    const gateUp = yield* linear(
      `${prefix}.mlp.gate_up_proj`,
      mlpIn,
      spec.hiddenSize,
      2 * spec.intermediateSize,
      spec.biases.mlp,
      null,
    )
    const gated = gate(gateUp, spec.intermediateSize)
    add(x, yield* linear(`${prefix}.mlp.down_proj`, gated, spec.intermediateSize, spec.hiddenSize, spec.biases.mlp, x))
  }
  const last = norm('model.norm.weight')
  yield { name: headName(spec), inputs: last, columns: spec.hiddenSize, residual: null }
  return last
}

/** MLC's name of the matrix that gives the logits. */
export function headName(spec: DecoderSpec): string {
  return spec.tiedHead ? 'model.embed_tokens.weight' : 'lm_head.weight'
}

/** Runs the steps to the end: hidden states [tokens, hidden]. */
export function finalHidden(
  spec: DecoderSpec,
  weights: WeightsByName,
  sequences: readonly (readonly number[])[],
  multiply: Multiply = multiplyRows,
): Float32Array {
  const steps = decoderSteps(spec, weights, sequences, multiply)
  let step = steps.next()
  while (step.done !== true) step = steps.next()
  return step.value
}

function embed(table: Float32Array, tokens: readonly number[], width: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(tokens.length * width)
  for (const [row, token] of tokens.entries()) out.set(table.subarray(token * width, (token + 1) * width), row * width)
  return out
}

function rmsNorm(x: Float32Array, weight: Float32Array, epsilon: number): Float32Array<ArrayBuffer> {
  const width = weight.length
  const out = new Float32Array(x.length)
  for (let start = 0; start < x.length; start += width) {
    let sum = 0
    for (let index = 0; index < width; index++) sum += (x[start + index] as number) ** 2
    const factor = 1 / Math.sqrt(sum / width + epsilon)
    for (let index = 0; index < width; index++)
      out[start + index] = (x[start + index] as number) * factor * (weight[index] as number)
  }
  return out
}

/** Cosine and sine of position * frequency, [positions, headSize / 2] each. */
function rotaryTable(spec: DecoderSpec, positions: number) {
  const pairs = spec.headSize / 2
  const factor = spec.position.scaling.kind === 'linear' ? spec.position.scaling.factor : 1
  const cosine = new Float64Array(positions * pairs)
  const sine = new Float64Array(positions * pairs)
  for (let index = 0; index < cosine.length; index++) {
    const frequency = spec.position.theta ** (-(index % pairs) / pairs)
    const angle = (Math.floor(index / pairs) / factor) * frequency
    cosine[index] = Math.cos(angle)
    sine[index] = Math.sin(angle)
  }
  return { cosine, sine }
}

/** Rotates queries and keys in place, then softmax attention within each sequence: [tokens, heads * headSize]. */
function attend(
  spec: DecoderSpec,
  qkv: Float32Array,
  sequences: readonly (readonly number[])[],
  rotary: { readonly cosine: Float64Array; readonly sine: Float64Array },
): Float32Array<ArrayBuffer> {
  const { heads, kvHeads, headSize } = spec
  const stride = (heads + 2 * kvHeads) * headSize
  const pairs = headSize / 2
  const out = new Float32Array((qkv.length / stride) * heads * headSize)
  const windowTokens = spec.slidingWindowTokens ?? Number.POSITIVE_INFINITY
  let base = 0
  for (const { length } of sequences) {
    for (let position = 0; position < length; position++) {
      for (let head = 0; head < heads + kvHeads; head++) {
        const at = (base + position) * stride + head * headSize
        for (let pair = 0; pair < pairs; pair++) {
          const cosine = rotary.cosine[position * pairs + pair] as number
          const sine = rotary.sine[position * pairs + pair] as number
          const first = qkv[at + pair] as number
          const second = qkv[at + pair + pairs] as number
          qkv[at + pair] = first * cosine - second * sine
          qkv[at + pair + pairs] = second * cosine + first * sine
        }
      }
    }
    const scores = new Float64Array(length)
    for (let head = 0; head < heads; head++) {
      const keyHead = heads + Math.floor((head * kvHeads) / heads)
      for (let position = 0; position < length; position++) {
        const query = (base + position) * stride + head * headSize
        const first = Math.max(0, position + 1 - windowTokens)
        let greatest = -Infinity
        for (let key = first; key <= position; key++) {
          const at = (base + key) * stride + keyHead * headSize
          let sum = 0
          for (let index = 0; index < headSize; index++)
            sum += (qkv[query + index] as number) * (qkv[at + index] as number)
          const score = sum / Math.sqrt(headSize)
          scores[key] = score
          if (score > greatest) greatest = score
        }
        let total = 0
        for (let key = first; key <= position; key++) {
          const weight = Math.exp((scores[key] as number) - greatest)
          scores[key] = weight
          total += weight
        }
        const to = ((base + position) * heads + head) * headSize
        for (let index = 0; index < headSize; index++) {
          const value = base * stride + (keyHead + kvHeads) * headSize + index
          let sum = 0
          for (let key = first; key <= position; key++)
            sum += (scores[key] as number) * (qkv[value + key * stride] as number)
          out[to + index] = sum / total
        }
      }
    }
    base += length
  }
  return out
}

/** silu(gate) * up; gate columns first: [tokens, width]. */
function gate(gateUp: Float32Array, width: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(gateUp.length / 2)
  for (let index = 0; index < out.length; index++) {
    const at = Math.floor(index / width) * 2 * width + (index % width)
    const value = gateUp[at] as number
    out[index] = (value / (1 + Math.exp(-value))) * (gateUp[at + width] as number)
  }
  return out
}

function add(target: Float32Array, values: Float32Array): void {
  for (let index = 0; index < target.length; index++)
    target[index] = (target[index] as number) + (values[index] as number)
}

function addToRows(target: Float32Array, bias: Float32Array): void {
  for (let index = 0; index < target.length; index++)
    target[index] = (target[index] as number) + (bias[index % bias.length] as number)
}
