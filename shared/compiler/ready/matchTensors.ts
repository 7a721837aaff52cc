// Do published weights fit the model that the library computes? Parameters are found by name; shapes and types must be the graph's. One kind of difference
// is mended: floats in another width (mlc-llm keeps the biases of GPT-NeoX's feed-forward in float32 in every format).
import { CompileError } from '../../errors.ts'
import type { Parameter } from '../architectures/spec.ts'
import { quoted } from '../checkpoint/json.ts'
import type { CachedShard, CachedTensor } from './tensorCache.ts'

export interface MatchedShard extends Omit<CachedShard, 'tensors'> {
  /** Used where they lie. */
  readonly tensors: readonly CachedTensor[]
}

/** A tensor that is written anew in the width the graph reads. */
export interface ConvertedTensor {
  readonly file: string
  readonly tensor: CachedTensor
  readonly parameter: Parameter
}

export interface MatchedTensors {
  readonly shards: readonly MatchedShard[]
  readonly converted: readonly ConvertedTensor[]
}

/** Throws CompileError naming the first tensor that is missing, unknown, or of another shape or type. */
export function matchTensors(
  shards: readonly CachedShard[],
  parameters: readonly Parameter[],
  file: string,
): MatchedTensors {
  const wanted = new Map(parameters.map((parameter) => [parameter.name, parameter]))
  const converted: ConvertedTensor[] = []
  const found = new Set<string>()
  const matched = shards.map((shard) => ({
    ...shard,
    tensors: shard.tensors.filter((tensor) => {
      const at = `tensor ${quoted(tensor.name)}`
      const parameter = wanted.get(tensor.name)
      if (parameter === undefined) throw new CompileError(file, at, 'is unknown to this architecture')
      const { shape, dtype } = parameter
      if (tensor.shape.length !== shape.length || !tensor.shape.every((size, axis) => size === shape[axis]))
        throw new CompileError(file, `${at}.shape`, `[${tensor.shape}], expected [${shape}]`)
      found.add(tensor.name)
      if (tensor.dtype === dtype) return true
      if (tensor.dtype === 'uint32' || dtype === 'uint32')
        throw new CompileError(file, `${at}.dtype`, `${tensor.dtype}, expected ${dtype}`)
      converted.push({ file: shard.file, tensor, parameter })
      return false
    }),
  }))
  const missing = parameters.find(({ name }) => !found.has(name))
  if (missing !== undefined)
    throw new CompileError(file, `tensor ${quoted(missing.name)}`, `missing, expected shape [${missing.shape}]`)
  return { shards: matched, converted }
}
