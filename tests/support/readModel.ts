// The weights of a model folder as the model computes with them, read back from its table of contents: for comparing with what they were made from.

import type { DecoderSpec } from '../../shared/compiler/architectures/spec.ts'
import { modelTensors } from '../../shared/compiler/architectures/tensors.ts'
import { widenBfloat16, widenFloat16 } from '../../shared/compiler/checkpoint/float16.ts'
import { parametersOf } from '../../shared/compiler/graph/parameters.ts'
import type { WeightFormat } from '../../shared/compiler/kernels/target.ts'
import { dequantizeRows } from '../../shared/compiler/quantize/packing.ts'

interface Cache {
  readonly records: readonly {
    readonly dataPath: string
    readonly records: readonly {
      readonly name: string
      readonly dtype: string
      readonly format: string
      readonly nbytes: number
      readonly byteOffset: number
    }[]
  }[]
}

/** Name -> float32 values. Throws where a parameter of the spec is missing. */
export function readModelTensors(
  files: ReadonlyMap<string, Uint8Array>,
  spec: DecoderSpec,
  format: WeightFormat,
): ReadonlyMap<string, Float32Array> {
  const cache = JSON.parse(new TextDecoder().decode(files.get('tensor-cache.json'))) as Cache
  const stored = new Map(
    cache.records.flatMap(({ dataPath, records }) =>
      records.map((record) => {
        const shard = files.get(dataPath) ?? new Uint8Array()
        const bytes = shard.slice(record.byteOffset, record.byteOffset + record.nbytes)
        return [record.name, { ...record, bytes }] as const
      }),
    ),
  )
  const floats = (name: string): Float32Array<ArrayBuffer> => {
    const record = stored.get(name)
    if (record === undefined) throw new Error(`no parameter ${name}`)
    const { bytes, dtype } = record
    if (dtype === 'float32' && record.format === 'raw') return new Float32Array(bytes.buffer)
    const values = new Float32Array(bytes.byteLength / 2)
    ;(dtype === 'float16' ? widenFloat16 : widenBfloat16)(bytes, values)
    return values
  }
  return new Map(
    modelTensors(spec).map((tensor) => {
      const parameters = parametersOf({ ...tensor, sources: [] }, format)
      const [values, scales] = parameters.map(({ name }) => name)
      if (scales === undefined) return [tensor.name, floats(values ?? '')]
      const packed = new Uint32Array(stored.get(values ?? '')?.bytes.buffer ?? new ArrayBuffer())
      const columns = tensor.shape.at(-1) ?? 1
      const rows = tensor.shape.slice(0, -1).reduce((product, size) => product * size, 1)
      return [tensor.name, dequantizeRows({ packed, scales: floats(scales) }, rows, columns)]
    }),
  )
}
