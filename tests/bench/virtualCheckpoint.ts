// A sharded checkpoint of any size that exists only as arithmetic: float16 weights repeated from one block of seeded numbers, made when they are read.
import { createHash } from 'node:crypto'
import { gpt2 } from '../../shared/compiler/architectures/gpt2.ts'
import { llama } from '../../shared/compiler/architectures/llama.ts'
import type { ByteSource, ModelSource } from '../../shared/compiler/checkpoint/bytes.ts'
import { float16Bits } from '../../shared/compiler/checkpoint/float16.ts'
import { memorySource } from '../support/memorySource.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { smallTokenizer } from '../support/referenceCheckpoint.ts'
import { rowMajor, statePickle } from '../support/torchFile.ts'
import { type Gap, zipPieces } from '../support/zipFile.ts'

export interface VirtualCheckpoint {
  readonly source: ModelSource
  readonly weightBytes: number
  readonly weights: number
}

/** Llama-2-7B's shapes in safetensors, or matrices of GPT-2's kind (stored transposed) with those widths in PyTorch files. */
export type VirtualKind = 'llama' | 'gpt2'

interface VirtualTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly sizeBytes: number
}

const elementBytes = 2
/** A prime number of values, so that rows do not repeat. */
const blockElements = 1_048_573

const kinds = {
  llama: {
    architecture: llama,
    shardName: (numbers: string) => `model-${numbers}.safetensors`,
    index: 'model.safetensors.index.json',
    pieces: safetensorsPieces,
    config: (layers: number) => ({
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
    }),
  },
  gpt2: {
    architecture: gpt2,
    shardName: (numbers: string) => `pytorch_model-${numbers}.bin`,
    index: 'pytorch_model.bin.index.json',
    pieces: torchPieces,
    config: (layers: number) => ({
      model_type: 'gpt2',
      n_embd: 4096,
      n_head: 32,
      n_layer: layers,
      n_positions: 1024,
      vocab_size: 32_000,
      bos_token_id: 1,
      eos_token_id: 2,
    }),
  },
}

/** As many layers as it takes to reach `minimumBytes`, in shards of `shardBytes` or a little more. */
export function virtualCheckpoint(
  minimumBytes: number,
  shardBytes: number,
  kind: VirtualKind = 'llama',
): VirtualCheckpoint {
  const { architecture, config, index, shardName, pieces } = kinds[kind]
  const tensorsOf = (layers: number) =>
    architecture.weights(architecture.spec(config(layers))).flatMap(({ sources }) => sources)
  const bytesOf = ({ shape }: { readonly shape: readonly number[] }) =>
    shape.reduce((product, size) => product * size, elementBytes)
  const sizeOf = (layers: number) => tensorsOf(layers).reduce((sum, tensor) => sum + bytesOf(tensor), 0)
  let layers = 1
  while (sizeOf(layers) < minimumBytes) layers++

  const block = new Uint8Array(Uint16Array.from(randomFloats(blockElements, randomSource(7), 0.02), float16Bits).buffer)
  const shards: VirtualTensor[][] = [[]]
  let filled = 0
  for (const { tensor, shape } of tensorsOf(layers)) {
    if (filled >= shardBytes) {
      shards.push([])
      filled = 0
    }
    const sizeBytes = bytesOf({ shape })
    shards.at(-1)?.push({ name: tensor, shape, sizeBytes })
    filled += sizeBytes
  }
  const files = new Map<string, ByteSource>()
  const map: Record<string, string> = {}
  for (const [at, tensors] of shards.entries()) {
    const number = (value: number) => String(value).padStart(5, '0')
    const file = shardName(`${number(at + 1)}-of-${number(shards.length)}`)
    for (const { name } of tensors) map[name] = file
    files.set(file, piecesSource(pieces(tensors), block))
  }
  const small = memorySource({
    'config.json': JSON.stringify(config(layers)),
    'tokenizer.json': JSON.stringify(smallTokenizer()),
    [index]: JSON.stringify({ metadata: {}, weight_map: map }),
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

function safetensorsPieces(tensors: readonly VirtualTensor[]): readonly (Uint8Array | Gap)[] {
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
  return [start, { sizeBytes: end }]
}

/** A zip archive with a storage per tensor. */
function torchPieces(tensors: readonly VirtualTensor[]): readonly (Uint8Array | Gap)[] {
  const keyed = tensors.map((tensor, index) => ({ ...tensor, key: String(index) }))
  const pickle = statePickle({
    storages: Object.fromEntries(
      keyed.map(({ key, sizeBytes }) => [
        key,
        { type: 'HalfStorage', elements: sizeBytes / elementBytes, bytes: new Uint8Array() },
      ]),
    ),
    tensors: Object.fromEntries(
      keyed.map(({ name, key, shape }) => [name, { storage: key, offset: 0, shape, strides: rowMajor(shape) }]),
    ),
  })
  const storages = keyed.map(({ key, sizeBytes }) => ({ name: `archive/data/${key}`, data: { sizeBytes } }))
  return zipPieces([{ name: 'archive/data.pkl', data: pickle }, ...storages], { zip64: true })
}

/** The pieces one after the other, gaps filled from the repeated block. */
function piecesSource(pieces: readonly (Uint8Array | Gap)[], block: Uint8Array): ByteSource {
  let end = 0
  const spans = pieces.map((piece) => {
    const start = end
    end += piece instanceof Uint8Array ? piece.length : piece.sizeBytes
    return { piece, start, end }
  })
  return {
    sizeBytes: end,
    read: async (offset, length, signal) => {
      signal.throwIfAborted()
      if (offset + length > end) throw new RangeError('the file ends before')
      const bytes = new Uint8Array(length)
      for (const span of spans) {
        const from = Math.max(offset, span.start)
        const to = Math.min(offset + length, span.end)
        if (from >= to) continue
        const target = bytes.subarray(from - offset, to - offset)
        if (span.piece instanceof Uint8Array) target.set(span.piece.subarray(from - span.start, to - span.start))
        else fill(target, block, (from - span.start) % block.length)
      }
      return bytes
    },
  }
}

function fill(target: Uint8Array, block: Uint8Array, first: number): void {
  let from = first
  for (let done = 0; done < target.length; ) {
    const part = block.subarray(from, Math.min(block.length, from + target.length - done))
    target.set(part, done)
    done += part.length
    from = 0
  }
}

async function hashOf(file: ByteSource, signal: AbortSignal, onBytes?: (sizeBytes: number) => void): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; at < file.sizeBytes; ) {
    const length = Math.min(4 * 2 ** 20, file.sizeBytes - at)
    hash.update(await file.read(at, length, signal))
    at += length
    onBytes?.(length)
  }
  return hash.digest('hex')
}
