// A sharded checkpoint of any size that exists only as arithmetic: float16 weights repeated from one block of seeded numbers, made when they are read.
import { createHash } from 'node:crypto'
import { llama } from '../../shared/compiler/architectures/llama.ts'
import type { ByteSource, ModelSource } from '../../shared/compiler/checkpoint/bytes.ts'
import { float16Bits } from '../../shared/compiler/checkpoint/float16.ts'
import { memorySource } from '../support/memorySource.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { smallTokenizer } from '../support/referenceCheckpoint.ts'

export interface VirtualCheckpoint {
  readonly source: ModelSource
  readonly weightBytes: number
  readonly weights: number
}

const elementBytes = 2
/** A prime number of values, so that rows do not repeat. */
const blockElements = 1_048_573

/** Llama-2-7B's shapes with as many layers as it takes to reach `minimumBytes`, in shards of `shardBytes` or a little more. */
export function virtualCheckpoint(minimumBytes: number, shardBytes: number): VirtualCheckpoint {
  const config = (layers: number) => ({
    model_type: 'llama',
    hidden_size: 4096,
    intermediate_size: 11_008,
    num_attention_heads: 32,
    num_hidden_layers: layers,
    rms_norm_eps: 1e-5,
    vocab_size: 32_000,
    max_position_embeddings: 4096,
    bos_token_id: 1,
    eos_token_id: 2,
  })
  const tensorsOf = (layers: number) => llama.weights(llama.spec(config(layers))).flatMap(({ sources }) => sources)
  const bytesOf = ({ shape }: { readonly shape: readonly number[] }) =>
    shape.reduce((product, size) => product * size, elementBytes)
  const sizeOf = (layers: number) => tensorsOf(layers).reduce((sum, tensor) => sum + bytesOf(tensor), 0)
  let layers = 1
  while (sizeOf(layers) < minimumBytes) layers++

  const block = new Uint8Array(Uint16Array.from(randomFloats(blockElements, randomSource(7), 0.02), float16Bits).buffer)
  const shards: { name: string; shape: readonly number[] }[][] = [[]]
  let filled = 0
  for (const { tensor, shape } of tensorsOf(layers)) {
    if (filled >= shardBytes) {
      shards.push([])
      filled = 0
    }
    shards.at(-1)?.push({ name: tensor, shape })
    filled += bytesOf({ shape })
  }
  const files = new Map<string, ByteSource>()
  const map: Record<string, string> = {}
  for (const [index, tensors] of shards.entries()) {
    const number = (value: number) => String(value).padStart(5, '0')
    const file = `model-${number(index + 1)}-of-${number(shards.length)}.safetensors`
    for (const { name } of tensors) map[name] = file
    files.set(
      file,
      shardSource(
        tensors.map((tensor) => ({ ...tensor, sizeBytes: bytesOf(tensor) })),
        block,
      ),
    )
  }
  const small = memorySource({
    'config.json': JSON.stringify(config(layers)),
    'tokenizer.json': JSON.stringify(smallTokenizer()),
    'model.safetensors.index.json': JSON.stringify({ metadata: {}, weight_map: map }),
  })
  return {
    weightBytes: sizeOf(layers),
    weights: sizeOf(layers) / elementBytes,
    source: {
      names: async () => [...(await small.names()), ...files.keys()],
      open: async (name) => files.get(name) ?? (await small.open(name)),
      sha256: async (name, signal, onBytes) => {
        const file = files.get(name)
        return file === undefined ? await small.sha256(name, signal, onBytes) : await hashOf(file, signal, onBytes)
      },
    },
  }
}

/** Header in memory, weights from the repeated block. */
function shardSource(
  tensors: readonly { readonly name: string; readonly shape: readonly number[]; readonly sizeBytes: number }[],
  block: Uint8Array,
): ByteSource {
  let end = 0
  const header = Object.fromEntries(
    tensors.map(({ name, shape, sizeBytes }) => {
      const begin = end
      end += sizeBytes
      return [name, { dtype: 'F16', shape, data_offsets: [begin, end] }]
    }),
  )
  const text = new TextEncoder().encode(JSON.stringify(header))
  const start = new Uint8Array(8 + text.byteLength)
  new DataView(start.buffer).setBigUint64(0, BigInt(text.byteLength), true)
  start.set(text, 8)
  return {
    sizeBytes: start.byteLength + end,
    read: async (offset, length, signal) => {
      signal.throwIfAborted()
      if (offset + length <= start.byteLength) return start.slice(offset, offset + length)
      if (offset < start.byteLength) throw new RangeError('one read covers header and weights')
      const bytes = new Uint8Array(length)
      let from = (offset - start.byteLength) % block.byteLength
      for (let done = 0; done < length; ) {
        const part = block.subarray(from, Math.min(block.byteLength, from + length - done))
        bytes.set(part, done)
        done += part.byteLength
        from = 0
      }
      return bytes
    },
  }
}

/** The weights' hash stands for the file's: the header is small, and this is a bench. */
async function hashOf(file: ByteSource, signal: AbortSignal, onBytes?: (sizeBytes: number) => void): Promise<string> {
  const hash = createHash('sha256')
  const headerLength = new DataView((await file.read(0, 8, signal)).buffer).getBigUint64(0, true)
  for (let at = 8 + Number(headerLength); at < file.sizeBytes; ) {
    const length = Math.min(4 * 2 ** 20, file.sizeBytes - at)
    hash.update(await file.read(at, length, signal))
    at += length
    onBytes?.(length)
  }
  return hash.digest('hex')
}
