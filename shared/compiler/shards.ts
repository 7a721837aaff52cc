// Weights in files of 32 to 128 MiB and their table of contents, tensor-cache.json, in MLC's layout. web-llm reads a shard as a whole and then gives
// every tensor its own GPU buffer; records are raw bytes, never bfloat16, and a multiple of 4 bytes long, so that they go straight to the GPU.
import type { Parameter } from './architectures/spec.ts'
import type { Hasher, Hashers } from './checkpoint/bytes.ts'
import { jsonText, type Ledger } from './ledger.ts'

/** A shard is closed once it has grown to the smaller size and never grows beyond the larger one, but a greater tensor has a shard of its own. */
export interface ShardSizes {
  readonly closeAtBytes: number
  readonly maximumBytes: number
}
export const usualShardSizes: ShardSizes = { closeAtBytes: 32 * 2 ** 20, maximumBytes: 128 * 2 ** 20 }

export const tensorCacheFile = 'tensor-cache.json'

export interface TensorRecord {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: Parameter['dtype']
  readonly sizeBytes: number
}

interface CacheRecord extends Omit<TensorRecord, 'sizeBytes'> {
  readonly format: 'raw'
  readonly nbytes: number
  readonly byteOffset: number
}

interface OpenShard {
  readonly file: string
  readonly hash: Hasher
  readonly records: CacheRecord[]
  sizeBytes: number
}

export interface ShardWriter {
  /** Starts the next tensor; its bytes follow in one or more calls of `write`. */
  readonly begin: (record: TensorRecord) => void
  readonly write: (bytes: Uint8Array, signal: AbortSignal) => Promise<void>
  /** Writes tensor-cache.json. `parameters` = number of weights before quantization. */
  readonly finish: (parameters: number, signal: AbortSignal) => Promise<void>
}

/** Writes tensors in the order given. Throws when a tensor gets more or fewer bytes than it announced. */
export function createShardWriter(ledger: Ledger, hashers: Hashers, sizes: ShardSizes = usualShardSizes): ShardWriter {
  const closed: object[] = []
  let shard: OpenShard | null = null
  let expectedBytes = 0
  const close = () => {
    if (shard === null) return
    const { file, hash, records, sizeBytes } = shard
    closed.push({ dataPath: file, format: 'raw-shard', nbytes: sizeBytes, records, md5sum: hash.hex() })
    shard = null
  }
  const checkComplete = () => {
    if (expectedBytes !== 0) throw new Error(`${shard?.records.at(-1)?.name}: ${expectedBytes} bytes were not written`)
  }
  return {
    begin({ name, shape, dtype, sizeBytes }) {
      checkComplete()
      if (sizeBytes % 4 !== 0) throw new Error(`${name}: ${sizeBytes} bytes is not a multiple of 4`)
      if (shard !== null && (shard.sizeBytes >= sizes.closeAtBytes || shard.sizeBytes + sizeBytes > sizes.maximumBytes))
        close()
      shard ??= { file: `params_shard_${closed.length}.bin`, hash: hashers.md5(), records: [], sizeBytes: 0 }
      shard.records.push({ name, shape, dtype, format: 'raw', nbytes: sizeBytes, byteOffset: shard.sizeBytes })
      shard.sizeBytes += sizeBytes
      expectedBytes = sizeBytes
    },
    async write(bytes, signal) {
      if (shard === null || bytes.byteLength > expectedBytes)
        throw new Error(`${bytes.byteLength} bytes for a tensor that has ${expectedBytes} bytes left`)
      expectedBytes -= bytes.byteLength
      shard.hash.update(bytes)
      await ledger.write(shard.file, bytes, signal)
    },
    async finish(parameters, signal) {
      checkComplete()
      close()
      const shards = closed as readonly { readonly nbytes: number; readonly records: readonly CacheRecord[] }[]
      const totalBytes = shards.reduce((sum, { nbytes }) => sum + nbytes, 0)
      const metadata = {
        ParamSize: shards.reduce((sum, { records }) => sum + records.length, 0),
        ParamBytes: totalBytes,
        BitsPerParam: (totalBytes * 8) / parameters,
      }
      await ledger.writeText(tensorCacheFile, jsonText({ metadata, records: shards }), signal)
    },
  }
}
