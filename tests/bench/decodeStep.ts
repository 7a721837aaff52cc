// The forward of a model for many texts side by side, in plain JavaScript: sampling many texts is one product per matrix and token.
import type { DecoderSpec, NormSpec } from '../../shared/compiler/architectures/spec.ts'
import { calibratable } from '../../shared/compiler/quantize/calibratable.ts'
import { headName, type WeightsByName } from '../../shared/compiler/quantize/decoderSteps.ts'
import type { Multiply } from '../../shared/compiler/quantize/matrix.ts'

/** What was fed so far, and what the layers remember of it. */
export interface Sequence {
  readonly ids: number[]
  readonly keys: Float32Array[]
  readonly values: Float32Array[]
}

/** One decode step for many sequences at once: feeds the id at each one's `position`; gives the logits [sequences, vocabulary]. */
export function decodeStep(
  spec: DecoderSpec,
  weights: WeightsByName,
  sequences: readonly Sequence[],
  position: number,
  multiply: Multiply,
): Float32Array {
  const { hiddenSize } = spec
  const { layers, headNorm } = calibratable(spec)
  const count = sequences.length
  const x = new Float32Array(count * hiddenSize)
  const table = weights(`${spec.embedding.name}.weight`)
  for (const [row, { ids }] of sequences.entries()) {
    const id = ids[position] as number
    x.set(table.subarray(id * hiddenSize, (id + 1) * hiddenSize), row * hiddenSize)
  }
  const norm = ({ name, epsilon }: NormSpec) => {
    const weight = weights(`${name}.weight`)
    const out = new Float32Array(x.length)
    for (let row = 0; row < count; row++) {
      let sum = 0
      for (let index = 0; index < hiddenSize; index++) sum += (x[row * hiddenSize + index] as number) ** 2
      const factor = 1 / Math.sqrt(sum / hiddenSize + epsilon)
      for (let index = 0; index < hiddenSize; index++)
        out[row * hiddenSize + index] = (x[row * hiddenSize + index] as number) * factor * (weight[index] as number)
    }
    return out
  }
  const product = (name: string, input: Float32Array, columns: number) => {
    const weight = weights(name)
    return multiply(input, weight, count, weight.length / columns, columns)
  }
  const addToX = (values: Float32Array) => {
    for (let index = 0; index < x.length; index++) x[index] = (x[index] as number) + (values[index] as number)
  }
  for (const [layer, { mixerNorm, mixer, feedForwardNorm, feedForward }] of layers.entries()) {
    const { heads, kvHeads, headSize, rope } = mixer
    const qkv = product(`${mixer.qkv.name}.weight`, norm(mixerNorm), hiddenSize)
    const stride = (heads + 2 * kvHeads) * headSize
    const attended = new Float32Array(count * heads * headSize)
    for (const [row, sequence] of sequences.entries()) {
      const own = qkv.subarray(row * stride, (row + 1) * stride)
      for (let head = 0; head < heads + kvHeads; head++) {
        for (let pair = 0; pair < headSize / 2; pair++) {
          const angle = position * rope.theta ** ((-2 * pair) / headSize)
          const a = own[head * headSize + pair] as number
          const b = own[head * headSize + pair + headSize / 2] as number
          own[head * headSize + pair] = a * Math.cos(angle) - b * Math.sin(angle)
          own[head * headSize + pair + headSize / 2] = b * Math.cos(angle) + a * Math.sin(angle)
        }
      }
      const width = kvHeads * headSize
      const keys = sequence.keys[layer] as Float32Array
      const values = sequence.values[layer] as Float32Array
      keys.set(own.subarray(heads * headSize, heads * headSize + width), position * width)
      values.set(own.subarray(heads * headSize + width), position * width)
      for (let head = 0; head < heads; head++) {
        const shared = Math.floor((head * kvHeads) / heads) * headSize
        const scores = Float64Array.from({ length: position + 1 }, (_, key) => {
          let sum = 0
          for (let index = 0; index < headSize; index++)
            sum += (own[head * headSize + index] as number) * (keys[key * width + shared + index] as number)
          return sum / Math.sqrt(headSize)
        })
        const greatest = scores.reduce((a, b) => Math.max(a, b))
        const shares = scores.map((score) => Math.exp(score - greatest))
        const total = shares.reduce((a, b) => a + b)
        for (let index = 0; index < headSize; index++) {
          let sum = 0
          for (let key = 0; key <= position; key++)
            sum += (shares[key] as number) * (values[key * width + shared + index] as number)
          attended[(row * heads + head) * headSize + index] = sum / total
        }
      }
    }
    addToX(product(`${mixer.output.name}.weight`, attended, heads * headSize))
    const { gateUp: gateUpMatrix, down, size } = feedForward
    const gateUp = product(`${gateUpMatrix.name}.weight`, norm(feedForwardNorm), hiddenSize)
    const gated = Float32Array.from({ length: count * size }, (_, index) => {
      const at = Math.floor(index / size) * 2 * size + (index % size)
      const gate = gateUp[at] as number
      return (gate / (1 + Math.exp(-gate))) * (gateUp[at + size] as number)
    })
    addToX(product(`${down.name}.weight`, gated, size))
  }
  return product(headName(spec), norm(headNorm), hiddenSize)
}
