// A whole model of any spec with random weights, made in memory without a checkpoint: the folder web-llm loads, and the same weights (as the format keeps
// them) for the plain forward.
import type { DecoderSpec, ModelTensor } from '../../shared/compiler/architectures/spec.ts'
import { rulesFor } from '../../shared/compiler/architectures/tensors.ts'
import { float16Bits, float16Value } from '../../shared/compiler/checkpoint/float16.ts'
import { parametersOf } from '../../shared/compiler/graph/parameters.ts'
import { floatType, isQuantized, type LibraryTarget, type WeightFormat } from '../../shared/compiler/kernels/target.ts'
import { makeLibrary } from '../../shared/compiler/makeLibrary.ts'
import { dequantizeRows } from '../../shared/compiler/quantize/packing.ts'
import { roundToNearest } from '../../shared/compiler/quantize/roundToNearest.ts'
import { type Tensors, tensorsOf } from '../reference/linear.ts'
import { drawTensor } from './randomWeights.ts'

export interface SyntheticModel {
  /** Everything but the library. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly library: (target: LibraryTarget) => Uint8Array
  /** float32 weights under the spec's names. */
  readonly tensors: Tensors
}

export interface SyntheticOptions {
  readonly spec: DecoderSpec
  readonly format: WeightFormat
  readonly chunkTokens: number
  /** Uniform in [0, 1). */
  readonly next: () => number
  readonly runtime: Uint8Array
  /**
   * hearth (default): as our compiler stores it. mlc: as weights are published: float32 narrowed to bfloat16 on disk, float16 without padding, every record
   * under the label f32-to-bf16.
   */
  readonly style?: 'hearth' | 'mlc'
}

export function syntheticModel({
  spec,
  format,
  chunkTokens,
  next,
  runtime,
  style = 'hearth',
}: SyntheticOptions): SyntheticModel {
  const rules = rulesFor(spec, () => null)
  const tensors = new Map<string, Float32Array>()
  const records: object[] = []
  const parts: Uint8Array[] = []
  let offset = 0
  for (const rule of rules) {
    const { stored, values } = storedTensor(rule, drawTensor(spec, rule, next), format, style)
    for (const [index, { name, shape, dtype }] of parametersOf(rule, format).entries()) {
      const bytes = encode(stored[index] ?? new Float32Array(), dtype, style)
      const label = style === 'mlc' ? 'f32-to-bf16' : 'raw'
      const written = style === 'mlc' ? shape : paddedShape(shape, bytes, dtype)
      records.push({ name, shape: written, dtype, format: label, nbytes: bytes.length, byteOffset: offset })
      parts.push(bytes)
      offset += bytes.length
    }
    tensors.set(rule.name, values)
  }
  const shard = new Uint8Array(offset)
  let at = 0
  for (const part of parts) {
    shard.set(part, at)
    at += part.length
  }
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  const vocab = Object.fromEntries(Array.from({ length: spec.vocabularySize }, (_, id) => [pieceOf(id), id]))
  return {
    files: new Map([
      ['params_shard_0.bin', shard],
      [
        'tensor-cache.json',
        json({
          metadata: {},
          records: [{ dataPath: 'params_shard_0.bin', format: 'raw-shard', nbytes: offset, records }],
        }),
      ],
      ['tokenizer.json', json({ version: '1.0', added_tokens: [], model: { type: 'BPE', vocab, merges: [] } })],
      ['mlc-chat-config.json', json(plainChatConfig(spec))],
    ]),
    library: (target) =>
      makeLibrary(runtime, { spec, rules, format, target, chunkTokens, contextTokens: spec.contextTokens }).bytes,
    tensors: tensorsOf(tensors),
  }
}

/** The text of an id: one character each, so that texts and ids stand for each other. */
export function pieceOf(id: number): string {
  return String.fromCodePoint(firstCharacter + id)
}
export function idOf(piece: string): number {
  return (piece.codePointAt(0) ?? 0) - firstCharacter
}
const firstCharacter = 0x4e00

/** The least web-llm needs. */
export function plainChatConfig(spec: Pick<DecoderSpec, 'vocabularySize' | 'contextTokens'>): object {
  return {
    vocab_size: spec.vocabularySize,
    context_window_size: spec.contextTokens,
    sliding_window_size: -1,
    attention_sink_size: -1,
    tokenizer_files: ['tokenizer.json'],
    conv_template: {
      system_template: '{system_message}',
      system_message: '',
      roles: { user: '', assistant: '', tool: '' },
      seps: [''],
      stop_str: [],
      stop_token_ids: [],
    },
    temperature: 1,
    top_p: 1,
    repetition_penalty: 1,
    frequency_penalty: 0,
    presence_penalty: 0,
  }
}

type Style = NonNullable<SyntheticOptions['style']>

/** Each stored parameter of a tensor, floats as the file will keep them, and the values the model computes with. */
function storedTensor(tensor: ModelTensor, drawn: Float32Array<ArrayBuffer>, format: WeightFormat, style: Style) {
  const kept = keptFloats(tensor.kind === 'float32' ? 'float32' : floatType(format), style)
  if (tensor.kind !== 'matrix' || !isQuantized(format)) {
    const values = drawn.map(kept)
    return { stored: [values], values }
  }
  const columns = tensor.shape.at(-1) ?? 1
  const rows = drawn.length / columns
  const scaleType = floatType(format)
  const block = { rows: drawn, rowCount: rows, columns, name: tensor.name, firstRow: 0, totalRows: rows, scaleType }
  const { packed, scales } = roundToNearest.quantizeRows(block)
  const keptScales = scales.map(kept)
  return { stored: [packed, keptScales], values: dequantizeRows({ packed, scales: keptScales }, rows, columns) }
}

/** What is left of a float32 value on disk; bfloat16 by cutting off, as good as any rounding for a test. */
function keptFloats(type: 'float16' | 'float32', style: Style): (value: number) => number {
  if (type === 'float16') return (value) => float16Value(float16Bits(value))
  return style === 'hearth' ? (value) => value : (value) => bits((words) => words & 0xffff_0000, value)
}

function bits(change: (word: number) => number, value: number): number {
  const word = new Uint32Array(Float32Array.of(value).buffer)
  return new Float32Array(Uint32Array.of(change(word[0] ?? 0)).buffer)[0] ?? 0
}

function encode(values: Float32Array | Uint32Array, dtype: string, style: Style): Uint8Array {
  if (dtype === 'float16') {
    const padding = style === 'hearth' ? values.length % 2 : 0
    return bytesOf(Uint16Array.from({ length: values.length + padding }, (_, index) => float16Bits(values[index] ?? 0)))
  }
  if (dtype === 'uint32' || style === 'hearth') return bytesOf(values)
  const words = new Uint32Array(bytesOf(values).buffer)
  return bytesOf(Uint16Array.from(words, (word) => word >>> 16))
}

/** An odd number of halves is padded by one; web-llm wants the shape to say so. */
function paddedShape(shape: readonly number[], bytes: Uint8Array, dtype: string): readonly number[] {
  const elements = shape.reduce((product, size) => product * size, 1)
  const stored = bytes.length / (dtype === 'float16' ? 2 : 4)
  return stored === elements ? shape : [stored]
}

function bytesOf(values: Float32Array | Uint32Array | Uint16Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice()
}
