// Reads the header of a safetensors file and trusts nothing in it: 8 bytes of little-endian length, then JSON, then the tensors' bytes without gap
// or overlap. Follows the format description in huggingface/safetensors README.md and what its validation enforces.
import { CompileError } from '../../errors.ts'
import type { ByteSource } from './bytes.ts'
import { parseJson, quoted } from './json.ts'

/** Bytes per element. Dtypes of less than a byte are refused. Only F32, F16 and BF16 can be weights; others may stand in tensors that are ignored. */
export const bytesPerElement = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
} as const
export type Dtype = keyof typeof bytesPerElement

export interface TensorEntry {
  readonly name: string
  readonly file: string
  readonly dtype: Dtype
  /** Rank 0 is []. A dimension may be 0. */
  readonly shape: readonly number[]
  /** From the start of the file. */
  readonly offset: number
  readonly sizeBytes: number
  /** Only where the elements do not lie row by row; those that leave gaps or repeat are listed but cannot be read. */
  readonly strides?: readonly number[]
}

const maximumHeaderBytes = 100_000_000
const lengthBytes = 8

/** The tensors of one file by name, in header order. Throws CompileError on anything that breaks the format. */
export async function readSafetensorsHeader(
  source: ByteSource,
  file: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, TensorEntry>> {
  const headerBytes = await headerLength(source, file, signal)
  const header = await source.read(lengthBytes, headerBytes, signal)
  if (header[0] !== 0x7b) throw new CompileError(file, 'header', 'expected JSON that starts with {')
  const value = parseJson(header, file, 'header')
  const dataStart = lengthBytes + headerBytes
  const tensors = new Map<string, TensorEntry>()
  for (const [name, entry] of Object.entries(value as Record<string, unknown>)) {
    if (name === '__metadata__') checkMetadata(entry, file)
    else tensors.set(name, decodeEntry(name, entry, file, dataStart))
  }
  checkCoverage([...tensors.values()], file, dataStart, source.sizeBytes)
  return tensors
}

async function headerLength(source: ByteSource, file: string, signal: AbortSignal): Promise<number> {
  if (source.sizeBytes < lengthBytes)
    throw new CompileError(file, 'header length', `the file has ${source.sizeBytes} bytes, expected at least 8`)
  const bytes = await source.read(0, lengthBytes, signal)
  const length = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getBigUint64(0, true)
  const available = source.sizeBytes - lengthBytes
  if (length > BigInt(maximumHeaderBytes))
    throw new CompileError(file, 'header length', `${length} bytes, expected at most ${maximumHeaderBytes}`)
  if (length > BigInt(available))
    throw new CompileError(file, 'header length', `${length} bytes, but the file ends after ${available}`)
  if (length < 2n) throw new CompileError(file, 'header length', `${length} bytes, expected at least 2`)
  return Number(length)
}

function checkMetadata(value: unknown, file: string): void {
  if (!isRecord(value) || Object.values(value).some((text) => typeof text !== 'string'))
    throw new CompileError(file, '__metadata__', 'expected an object of strings')
}

function decodeEntry(name: string, value: unknown, file: string, dataStart: number): TensorEntry {
  const at = `tensor ${quoted(name)}`
  if (!isRecord(value)) throw new CompileError(file, at, 'expected an object with dtype, shape and data_offsets')
  for (const key of Object.keys(value)) {
    if (key !== 'dtype' && key !== 'shape' && key !== 'data_offsets')
      throw new CompileError(file, at, `unexpected key ${quoted(key)}`)
  }
  const { dtype, shape, data_offsets: span } = value
  if (typeof dtype !== 'string' || !Object.hasOwn(bytesPerElement, dtype))
    throw new CompileError(file, `${at}.dtype`, `${describe(dtype)}, expected one of ${Object.keys(bytesPerElement)}`)
  if (!isNaturals(shape))
    throw new CompileError(file, `${at}.shape`, `${describe(shape)}, expected whole numbers of 0 or more`)
  if (!isNaturals(span) || span.length !== 2)
    throw new CompileError(file, `${at}.data_offsets`, `${describe(span)}, expected two whole numbers of 0 or more`)
  const [begin = 0, end = 0] = span
  if (begin > end) throw new CompileError(file, `${at}.data_offsets`, `begins at ${begin}, behind its end ${end}`)
  const expected = shape.reduce((product, size) => product * BigInt(size), BigInt(bytesPerElement[dtype as Dtype]))
  if (expected !== BigInt(end - begin)) {
    const problem = `${end - begin} bytes, but shape [${shape}] in ${dtype} takes ${expected}`
    throw new CompileError(file, `${at}.data_offsets`, problem)
  }
  return { name, file, dtype: dtype as Dtype, shape, offset: dataStart + begin, sizeBytes: end - begin }
}

/** Every byte behind the header belongs to exactly one tensor. */
function checkCoverage(tensors: TensorEntry[], file: string, dataStart: number, fileBytes: number): void {
  let reached = dataStart
  let previous = 'the header'
  for (const entry of tensors.sort((a, b) => a.offset - b.offset || a.sizeBytes - b.sizeBytes)) {
    const at = `tensor ${quoted(entry.name)}.data_offsets`
    if (entry.offset + entry.sizeBytes > fileBytes)
      throw new CompileError(
        file,
        at,
        `ends at byte ${entry.offset + entry.sizeBytes}, but the file has ${fileBytes} bytes`,
      )
    if (entry.offset < reached) throw new CompileError(file, at, `overlaps ${previous}`)
    if (entry.offset > reached)
      throw new CompileError(file, at, `leaves ${entry.offset - reached} unused bytes behind ${previous}`)
    reached += entry.sizeBytes
    previous = `tensor ${quoted(entry.name)}`
  }
  if (reached !== fileBytes)
    throw new CompileError(file, '', `${fileBytes - reached} bytes at the end belong to no tensor`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNaturals(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0 && !Object.is(size, -0))
}

function describe(value: unknown): string {
  return quoted(JSON.stringify(value) ?? 'missing', 60)
}
