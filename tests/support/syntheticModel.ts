// A whole model with random weights, made in memory without a checkpoint: the folder web-llm loads, and the same weights (as the 4-bit format keeps them)
// under their checkpoint names for the plain forward.
import type { DecoderSpec, WeightRule } from '../../shared/compiler/architectures/spec.ts'
import { float16Bits, float16Value } from '../../shared/compiler/checkpoint/float16.ts'
import { parametersOf } from '../../shared/compiler/graph/parameters.ts'
import { floatType, isQuantized, type LibraryTarget, type WeightFormat } from '../../shared/compiler/kernels/target.ts'
import { makeLibrary } from '../../shared/compiler/makeLibrary.ts'
import { dequantizeRows } from '../../shared/compiler/quantize/packing.ts'
import { roundToNearest } from '../../shared/compiler/quantize/roundToNearest.ts'
import { randomFloats } from './random.ts'

export interface SyntheticModel {
  /** Everything but the library. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly library: (target: LibraryTarget) => Uint8Array
  /** float32 weights by checkpoint name. */
  readonly tensors: (name: string) => Float32Array
}

export interface SyntheticOptions {
  readonly spec: DecoderSpec
  readonly rules: readonly WeightRule[]
  readonly format: WeightFormat
  readonly chunkTokens: number
  /** Uniform in [0, 1). */
  readonly next: () => number
  readonly runtime: Uint8Array
}

export function syntheticModel({ spec, rules, format, chunkTokens, next, runtime }: SyntheticOptions): SyntheticModel {
  const tensors = new Map<string, Float32Array>()
  const records: object[] = []
  const parts: Uint8Array[] = []
  let offset = 0
  for (const rule of rules) {
    const { stored, values } = storedRule(rule, format, next)
    for (const [index, { name, shape, dtype }] of parametersOf(rule, format).entries()) {
      const bytes = stored[index] ?? new Uint8Array()
      records.push({
        name,
        shape: paddedShape(shape, bytes, dtype),
        dtype,
        format: 'raw',
        nbytes: bytes.length,
        byteOffset: offset,
      })
      parts.push(bytes)
      offset += bytes.length
    }
    let first = 0
    for (const { tensor, shape } of rule.sources) {
      const elements = shape.reduce((product, size) => product * size, 1)
      tensors.set(tensor, values.slice(first, first + elements))
      first += elements
    }
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
    tensors: (name) => {
      const found = tensors.get(name)
      if (found === undefined) throw new Error(`the model has no ${name}`)
      return found
    },
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

/** Bytes of each stored parameter of a rule, and the values the model computes with. */
function storedRule(rule: WeightRule, format: WeightFormat, next: () => number) {
  const [rows = 0, columns = 1] = rule.shape
  const drawn =
    rule.kind === 'matrix'
      ? randomFloats(rows * columns, next, 1 / Math.sqrt(columns))
      : randomFloats(rows, next, 0.2).map((value) => value + (rule.name.endsWith('.bias') ? 0 : 1))
  if (rule.kind === 'vector' || !isQuantized(format)) return storedFloats(drawn, format)
  const scaleType = floatType(format)
  const block = { rows: drawn, rowCount: rows, columns, name: rule.name, firstRow: 0, totalRows: rows, scaleType }
  const quantized = roundToNearest.quantizeRows(block)
  const values = dequantizeRows(quantized, rows, columns)
  return {
    stored: [bytesOf(quantized.packed), storedFloats(quantized.scales, format).stored[0] ?? new Uint8Array()],
    values,
  }
}

function storedFloats(drawn: Float32Array, format: WeightFormat) {
  if (floatType(format) === 'float32') return { stored: [bytesOf(drawn)], values: drawn }
  const halves = Uint16Array.from({ length: drawn.length + (drawn.length % 2) }, (_, index) =>
    float16Bits(drawn[index] ?? 0),
  )
  return { stored: [bytesOf(halves)], values: Float32Array.from(halves.subarray(0, drawn.length), float16Value) }
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
