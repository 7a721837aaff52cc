// Checkpoints whose weights are all zero, in the shapes that a configuration asks for: for what is decided by headers alone.
import { requireArchitecture } from '../../shared/compiler/architectures/index.ts'
import { safetensorsFile } from './memorySource.ts'
import { rowMajor, torchFile } from './torchFile.ts'

export const emptyLlama = {
  model_type: 'llama',
  hidden_size: 64,
  intermediate_size: 96,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  vocab_size: 8192,
  max_position_embeddings: 512,
  rms_norm_eps: 1e-5,
  bos_token_id: 1,
  eos_token_id: 2,
}

export type Shapes = readonly (readonly [name: string, shape: readonly number[]])[]

/** Name and shape of every tensor. */
export function tensorsOf(config: object): Shapes {
  const { spec, weights } = requireArchitecture(config)
  return weights(spec(config)).flatMap(({ sources }) => sources.map(({ tensor, shape }) => [tensor, shape] as const))
}

/** float32. */
export function emptySafetensors(tensors: Shapes): Uint8Array {
  let end = 0
  const header = Object.fromEntries(
    tensors.map(([name, shape]) => {
      const start = end
      end += 4 * sizeOf(shape)
      return [name, { dtype: 'F32', shape, data_offsets: [start, end] }]
    }),
  )
  return safetensorsFile(header, new Uint8Array(end))
}

/** float32, a storage each. */
export function emptyTorch(tensors: Shapes): Uint8Array {
  const numbered = tensors.map(([name, shape], index) => ({ name, shape, key: String(index) }))
  return torchFile({
    storages: Object.fromEntries(
      numbered.map(({ key, shape }) => [
        key,
        { type: 'FloatStorage', elements: sizeOf(shape), bytes: new Uint8Array(4 * sizeOf(shape)) },
      ]),
    ),
    tensors: Object.fromEntries(
      numbered.map(({ key, name, shape }) => [name, { storage: key, offset: 0, shape, strides: rowMajor(shape) }]),
    ),
  })
}

export function indexOf(shards: Readonly<Record<string, Shapes>>): Uint8Array {
  const map = Object.entries(shards).flatMap(([file, tensors]) => tensors.map(([name]) => [name, file]))
  return new TextEncoder().encode(JSON.stringify({ metadata: {}, weight_map: Object.fromEntries(map) }))
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
