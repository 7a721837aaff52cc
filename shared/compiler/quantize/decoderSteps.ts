// A plain forward over whole sequences that stops before every matrix, so that calibration can look at the matrix's inputs (and quantize it) before
// it is used. Float32 activations, float64 sums. Unlike the graph it needs neither cache nor chunks: sequences are short and known.
import type { AttentionSpec, DecoderSpec, LinearSpec, NormSpec, RopeSpec } from '../architectures/spec.ts'
import { ropeFrequencies } from '../kernels/ropeFrequencies.ts'
import { calibratable } from './calibratable.ts'
import { type Multiply, multiplyRows } from './matrix.ts'

/** Weights under the model's names (`model.layers.0.self_attn.qkv_proj.weight`), as float32. */
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
 * Throws CompileError for a model that is no relative of Llama (calibratable.ts).
 */
export function* decoderSteps(
  spec: DecoderSpec,
  weights: WeightsByName,
  sequences: readonly (readonly number[])[],
  multiply: Multiply = multiplyRows,
): Generator<MatrixStep, Float32Array, void> {
  const { layers, headNorm } = calibratable(spec)
  const tokens = sequences.flat()
  const positions = Math.max(...sequences.map((sequence) => sequence.length))
  const { hiddenSize } = spec
  const x = embed(weights(`${spec.embedding.name}.weight`), tokens, hiddenSize)
  function* linear(
    { name, bias }: LinearSpec,
    inputs: Float32Array,
    columns: number,
    rows: number,
    residual: Float32Array | null,
  ) {
    yield { name: `${name}.weight`, inputs, columns, residual }
    const out = multiply(inputs, weights(`${name}.weight`), tokens.length, rows, columns)
    if (bias) addToRows(out, weights(`${name}.bias`))
    return out
  }
  const norm = ({ name, epsilon }: NormSpec) => rmsNorm(x, weights(`${name}.weight`), epsilon)
  for (const { mixerNorm, mixer, feedForwardNorm, feedForward } of layers) {
    const { heads, kvHeads, headSize } = mixer
    const qkvRows = (heads + 2 * kvHeads) * headSize
    const qkv = yield* linear(mixer.qkv, norm(mixerNorm), hiddenSize, qkvRows, null)
    const attended = attend(mixer, spec.slidingWindowTokens, qkv, sequences, rotaryTable(mixer.rope, positions))
    add(x, yield* linear(mixer.output, attended, heads * headSize, hiddenSize, x))
    const { gateUp, down, size } = feedForward
    const gated = gate(yield* linear(gateUp, norm(feedForwardNorm), hiddenSize, 2 * size, null), size)
    add(x, yield* linear(down, gated, size, hiddenSize, x))
  }
  const last = norm(headNorm)
  yield { name: headName(spec), inputs: last, columns: hiddenSize, residual: null }
  return last
}

/** Name of the matrix that gives the logits. */
export function headName({ embedding, head }: DecoderSpec): string {
  return `${head.tied ? embedding.name : head.linear.name}.weight`
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

/** Cosine and sine of position * frequency, [positions, size / 2] each. */
function rotaryTable(rope: RopeSpec, positions: number) {
  const { size, theta, scaling } = rope
  const pairs = size / 2
  // Exact where nothing rounds them: what was quantized before stays the same to the bit.
  const frequencies = scaling.kind === 'llama3' ? ropeFrequencies(rope) : null
  const factor = scaling.kind === 'linear' ? scaling.factor : 1
  const cosine = new Float64Array(positions * pairs)
  const sine = new Float64Array(positions * pairs)
  for (let index = 0; index < cosine.length; index++) {
    const pair = index % pairs
    const frequency = frequencies?.[pair] ?? theta ** (-pair / pairs)
    const angle = (Math.floor(index / pairs) / factor) * frequency
    cosine[index] = Math.cos(angle)
    sine[index] = Math.sin(angle)
  }
  return { cosine, sine }
}

/** Rotates queries and keys in place, then softmax attention within each sequence: [tokens, heads * headSize]. */
function attend(
  { heads, kvHeads, headSize }: AttentionSpec,
  slidingWindowTokens: number | null,
  qkv: Float32Array,
  sequences: readonly (readonly number[])[],
  rotary: { readonly cosine: Float64Array; readonly sine: Float64Array },
): Float32Array<ArrayBuffer> {
  const stride = (heads + 2 * kvHeads) * headSize
  const pairs = headSize / 2
  const out = new Float32Array((qkv.length / stride) * heads * headSize)
  const windowTokens = slidingWindowTokens ?? Number.POSITIVE_INFINITY
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
