// The bundled model as a GGUF file (format version 3, ggml-org/ggml docs/gguf.md) for llama.cpp. Our groups are Q4_0's blocks: (q - 7) * scale is
// (q + 1 - 8) * scale, so the 4-bit values pass over unchanged (our rare 15 becomes 14). llama.cpp rotates neighbouring pairs: rows of q and k are regrouped.
import type { DecoderSpec, NormSpec } from '../../shared/compiler/architectures/spec.ts'
import { type CalibratableLayer, calibratable } from '../../shared/compiler/quantize/calibratable.ts'

type MetadataValue =
  | { readonly type: 'uint32'; readonly value: number }
  | { readonly type: 'float32'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'float32s'; readonly value: readonly number[] }
  | { readonly type: 'int32s'; readonly value: readonly number[] }

interface GgufTensor {
  readonly name: string
  /** GGUF order: columns first. */
  readonly dimensions: readonly number[]
  /** 0 = float32, 2 = Q4_0 */
  readonly type: 0 | 2
  readonly bytes: Uint8Array
}

const alignment = 32
const typeIds = { uint32: 4, int32: 5, float32: 6, string: 8, array: 9 } as const

/** Reads a parameter of the model folder by its stored name. */
export type ParameterBytes = (name: string) => Uint8Array

export function ggufModel(spec: DecoderSpec, pieces: readonly string[], read: ParameterBytes): Uint8Array {
  return ggufFile(metadata(spec, pieces), tensors(spec, read))
}

/** The first layer speaks for all: the bundled models' are alike. */
function shapeOf(spec: DecoderSpec) {
  const { layers, headNorm } = calibratable(spec)
  const first = layers[0]
  if (first === undefined || !spec.head.tied) throw new Error('not a bundled model')
  const { heads, kvHeads, headSize } = first.mixer
  return { heads, kvHeads, headSize, layers, headNorm, intermediateSize: first.feedForward.size }
}

function metadata(spec: DecoderSpec, pieces: readonly string[]): ReadonlyMap<string, MetadataValue> {
  const { heads, kvHeads, headSize, layers, headNorm, intermediateSize } = shapeOf(spec)
  const uint32 = (value: number): MetadataValue => ({ type: 'uint32', value })
  const byteOrControl = (piece: string, id: number) => (id < 3 ? 3 : /^<0x[0-9A-F]{2}>$/.test(piece) ? 6 : 1)
  return new Map<string, MetadataValue>([
    ['general.architecture', { type: 'string', value: 'llama' }],
    ['general.name', { type: 'string', value: 'bench' }],
    ['llama.context_length', uint32(spec.contextTokens)],
    ['llama.embedding_length', uint32(spec.hiddenSize)],
    ['llama.block_count', uint32(layers.length)],
    ['llama.feed_forward_length', uint32(intermediateSize)],
    ['llama.attention.head_count', uint32(heads)],
    ['llama.attention.head_count_kv', uint32(kvHeads)],
    ['llama.rope.dimension_count', uint32(headSize)],
    ['llama.attention.layer_norm_rms_epsilon', { type: 'float32', value: headNorm.epsilon }],
    ['tokenizer.ggml.model', { type: 'string', value: 'llama' }],
    ['tokenizer.ggml.tokens', { type: 'strings', value: pieces }],
    ['tokenizer.ggml.scores', { type: 'float32s', value: pieces.map((_, id) => -id) }],
    ['tokenizer.ggml.token_type', { type: 'int32s', value: pieces.map(byteOrControl) }],
    ['tokenizer.ggml.bos_token_id', uint32(1)],
    ['tokenizer.ggml.eos_token_id', uint32(2)],
  ])
}

function tensors(spec: DecoderSpec, read: ParameterBytes): readonly GgufTensor[] {
  const { hiddenSize, vocabularySize, embedding } = spec
  const { intermediateSize, headSize, heads, kvHeads, layers, headNorm } = shapeOf(spec)
  const matrix = (
    name: string,
    stem: string,
    first: number,
    rows: number,
    columns: number,
    rotary = false,
  ): GgufTensor => ({
    name,
    dimensions: [columns, rows],
    type: 2,
    bytes: q4Blocks(
      read(`${stem}.q_weight`),
      read(`${stem}.q_scale`),
      columns,
      rowOrder(first, rows, rotary ? headSize : null),
    ),
  })
  const vector = (name: string, stored: string): GgufTensor => ({
    name,
    dimensions: [hiddenSize],
    type: 0,
    bytes: floats(read(stored)),
  })
  const norm = (name: string, { name: stored }: NormSpec) => vector(name, `${stored}.weight`)
  const layer = ({ mixerNorm, mixer, feedForwardNorm, feedForward }: CalibratableLayer, index: number) => {
    const to = `blk.${index}`
    const qkv = mixer.qkv.name
    const gateUp = feedForward.gateUp.name
    const queryRows = heads * headSize
    const keyRows = kvHeads * headSize
    return [
      norm(`${to}.attn_norm.weight`, mixerNorm),
      norm(`${to}.ffn_norm.weight`, feedForwardNorm),
      matrix(`${to}.attn_q.weight`, qkv, 0, queryRows, hiddenSize, true),
      matrix(`${to}.attn_k.weight`, qkv, queryRows, keyRows, hiddenSize, true),
      matrix(`${to}.attn_v.weight`, qkv, queryRows + keyRows, keyRows, hiddenSize),
      matrix(`${to}.attn_output.weight`, mixer.output.name, 0, hiddenSize, queryRows),
      matrix(`${to}.ffn_gate.weight`, gateUp, 0, intermediateSize, hiddenSize),
      matrix(`${to}.ffn_up.weight`, gateUp, intermediateSize, intermediateSize, hiddenSize),
      matrix(`${to}.ffn_down.weight`, feedForward.down.name, 0, hiddenSize, intermediateSize),
    ]
  }
  return [
    matrix('token_embd.weight', embedding.name, 0, vocabularySize, hiddenSize),
    norm('output_norm.weight', headNorm),
    ...layers.flatMap(layer),
  ]
}

/** Source row of every written row; with a head size, halves become neighbouring pairs. */
function rowOrder(first: number, rows: number, headSize: number | null): readonly number[] {
  return Array.from({ length: rows }, (_, row) => {
    if (headSize === null) return first + row
    const within = row % headSize
    return first + row - within + (within % 2) * (headSize / 2) + (within >> 1)
  })
}

/** Q4_0 block: float16 scale, then 16 bytes; byte i holds values i (low nibble) and i + 16. */
function q4Blocks(weights: Uint8Array, scales: Uint8Array, columns: number, rows: readonly number[]): Uint8Array {
  const groups = columns / 32
  const out = new Uint8Array(rows.length * groups * 18)
  let at = 0
  for (const row of rows) {
    for (let group = 0; group < groups; group++) {
      const index = row * groups + group
      out.set(scales.subarray(index * 2, index * 2 + 2), at)
      const value = (k: number) => Math.min(14, ((weights[index * 16 + (k >> 1)] ?? 0) >> ((k & 1) * 4)) & 15) + 1
      for (let k = 0; k < 16; k++) out[at + 2 + k] = value(k) | (value(k + 16) << 4)
      at += 18
    }
  }
  return out
}

function floats(halves: Uint8Array): Uint8Array {
  const view = new DataView(halves.buffer, halves.byteOffset, halves.byteLength)
  const values = Float32Array.from({ length: halves.byteLength / 2 }, (_, index) => view.getFloat16(index * 2, true))
  return new Uint8Array(values.buffer)
}

function ggufFile(entries: ReadonlyMap<string, MetadataValue>, list: readonly GgufTensor[]): Uint8Array {
  const head: Uint8Array[] = []
  const number = (bytes: number, write: (view: DataView) => void) => {
    const block = new Uint8Array(bytes)
    write(new DataView(block.buffer))
    head.push(block)
  }
  const u32 = (value: number) => number(4, (view) => view.setUint32(0, value, true))
  const u64 = (value: number) => number(8, (view) => view.setBigUint64(0, BigInt(value), true))
  const f32 = (value: number) => number(4, (view) => view.setFloat32(0, value, true))
  const text = (value: string) => {
    const bytes = new TextEncoder().encode(value)
    u64(bytes.length)
    head.push(bytes)
  }
  head.push(new TextEncoder().encode('GGUF'))
  u32(3)
  u64(list.length)
  u64(entries.size)
  for (const [key, entry] of entries) {
    text(key)
    const list = (type: number, length: number) => {
      u32(typeIds.array)
      u32(type)
      u64(length)
    }
    switch (entry.type) {
      case 'uint32':
        u32(typeIds.uint32)
        u32(entry.value)
        break
      case 'float32':
        u32(typeIds.float32)
        f32(entry.value)
        break
      case 'string':
        u32(typeIds.string)
        text(entry.value)
        break
      case 'strings':
        list(typeIds.string, entry.value.length)
        entry.value.forEach(text)
        break
      case 'float32s':
        list(typeIds.float32, entry.value.length)
        entry.value.forEach(f32)
        break
      case 'int32s':
        list(typeIds.int32, entry.value.length)
        entry.value.forEach(u32)
        break
      default:
        entry satisfies never
    }
  }
  let offset = 0
  for (const { name, dimensions, type, bytes } of list) {
    text(name)
    u32(dimensions.length)
    dimensions.forEach(u64)
    u32(type)
    u64(offset)
    offset += padded(bytes.length)
  }
  const headBytes = head.reduce((sum, { length }) => sum + length, 0)
  const file = new Uint8Array(padded(headBytes) + offset)
  let at = 0
  for (const block of head) {
    file.set(block, at)
    at += block.length
  }
  at = padded(headBytes)
  for (const { bytes } of list) {
    file.set(bytes, at)
    at += padded(bytes.length)
  }
  return file
}

function padded(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment
}
