// The table of contents as web-llm reads it: what the model needs and nothing else. Of no tensor is the place in its shard changed.
import { convertedShardFile } from './convertTensors.ts'
import type { MatchedTensors } from './matchTensors.ts'
import type { CachedTensor } from './tensorCache.ts'

/** tensor-cache.json as data. `parameters`: weights before quantization. */
export function normalisedCache(
  { shards }: MatchedTensors,
  converted: readonly CachedTensor[],
  parameters: number,
): object {
  const all = [
    ...shards.map(({ file, sizeBytes, tensors }) => ({ file, sizeBytes, tensors })),
    ...(converted.length === 0 ? [] : [convertedShard(converted)]),
  ]
  const used = all.filter(({ tensors }) => tensors.length > 0)
  const totalBytes = used.flatMap(({ tensors }) => tensors).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return {
    metadata: {
      ParamSize: used.reduce((sum, { tensors }) => sum + tensors.length, 0),
      ParamBytes: totalBytes,
      BitsPerParam: (totalBytes * 8) / parameters,
    },
    records: used.map(({ file, sizeBytes, tensors }) => ({
      dataPath: file,
      format: 'raw-shard',
      nbytes: sizeBytes,
      records: tensors.map((tensor) => ({
        name: tensor.name,
        shape: tensor.shape,
        dtype: tensor.dtype,
        format: tensor.format,
        nbytes: tensor.sizeBytes,
        byteOffset: tensor.offset,
      })),
    })),
  }
}

function convertedShard(tensors: readonly CachedTensor[]) {
  const end = tensors.reduce((most, { offset, sizeBytes }) => Math.max(most, offset + sizeBytes), 0)
  return { file: convertedShardFile, sizeBytes: Math.ceil(end / 4) * 4, tensors }
}
