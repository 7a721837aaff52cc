// A checkpoint: one weight file, or shards named by an index, in safetensors or PyTorch's own form. Gives every tensor by name and reads rows by offset.
import { CompileError } from '../../errors.ts'
import { type ByteSource, type ModelSource, readWhole } from './bytes.ts'
import { widenBfloat16, widenFloat16 } from './float16.ts'
import { parseJson, quoted } from './json.ts'
import { readPermutedRows, storageOrder } from './permuted.ts'
import { bytesPerElement, readSafetensorsHeader, type TensorEntry } from './safetensors.ts'
import { readTorchTensors } from './torch.ts'

export interface Checkpoint {
  readonly tensors: ReadonlyMap<string, TensorEntry>
  /** The weight files and, when sharded, the index: what the model was made from. */
  readonly files: readonly string[]
  /** Values of rows `first` to `first + count` as float32; a vector is one row per element. Throws CompileError on NaN or infinity. */
  readonly readRows: (tensor: TensorEntry, first: number, count: number, signal: AbortSignal) => Promise<Float32Array>
}

interface WeightFiles {
  readonly single: string
  readonly index: string
  readonly ending: string
  /** The tensors of one file by name, from its header. */
  readonly readTensors: typeof readTorchTensors
}

/** In the order of preference, which is that of transformers: a repository that has several forms holds the same weights in each. */
const forms: readonly WeightFiles[] = [
  {
    single: 'model.safetensors',
    index: 'model.safetensors.index.json',
    ending: '.safetensors',
    readTensors: readSafetensorsHeader,
  },
  {
    single: 'pytorch_model.bin',
    index: 'pytorch_model.bin.index.json',
    ending: '.bin',
    readTensors: readTorchTensors,
  },
]
const maximumIndexBytes = 100_000_000
const shardName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/

/** Opens the checkpoint in a folder. Reads headers only; with `outline` as few bytes as tell names and shapes, and no rows can be read. */
export async function openCheckpoint(
  source: ModelSource,
  signal: AbortSignal,
  depth: 'whole' | 'outline' = 'whole',
): Promise<Checkpoint> {
  const names = new Set(await source.names())
  const form = forms.find(({ single, index }) => names.has(single) || names.has(index))
  if (form === undefined) {
    const [first = '', ...others] = forms.flatMap(({ single, index }) => [single, index])
    throw new CompileError(first, '', `not found, nor is ${others.join(', ')}`)
  }
  // As transformers does: the single file wins when both are there.
  const sharded = !names.has(form.single)
  const shards = sharded ? await readIndex(source, form, names, signal) : new Map([[form.single, null]])
  const sources = new Map<string, ByteSource>()
  const tensors = new Map<string, TensorEntry>()
  for (const [file, promised] of shards) {
    const bytes = await source.open(file)
    sources.set(file, bytes)
    const header = await form.readTensors(bytes, file, signal, depth)
    if (promised !== null) checkAgainstIndex(file, promised, header, form.index)
    for (const [name, entry] of header) tensors.set(name, entry)
  }
  const readRows = async (tensor: TensorEntry, first: number, count: number, abort: AbortSignal) => {
    const bytes = sources.get(tensor.file)
    if (bytes === undefined) throw new Error(`${tensor.file} is not part of this checkpoint`)
    return await readTensorRows(bytes, tensor, first, count, abort)
  }
  return { tensors, files: [...(sharded ? [form.index] : []), ...shards.keys()], readRows }
}

/** Shard file -> the tensors the index promises in it, in order of first mention. */
async function readIndex(
  source: ModelSource,
  { index, ending }: WeightFiles,
  names: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Map<string, Set<string>>> {
  const value = parseJson(await readBounded(source, index, maximumIndexBytes, signal), index)
  const map = isRecord(value) ? value.weight_map : undefined
  if (!isRecord(map)) throw new CompileError(index, 'weight_map', 'expected an object')
  const shards = new Map<string, Set<string>>()
  for (const [tensor, file] of Object.entries(map)) {
    const at = `weight_map[${quoted(tensor)}]`
    if (typeof file !== 'string' || !shardName.test(file) || !file.endsWith(ending))
      throw new CompileError(index, at, `${quoted(String(file))}, expected the name of a ${ending} file`)
    if (!names.has(file)) throw new CompileError(index, at, `${quoted(file)} is not in the folder`)
    const listed = shards.get(file) ?? new Set()
    shards.set(file, listed.add(tensor))
  }
  if (shards.size === 0) throw new CompileError(index, 'weight_map', 'names no tensor')
  return shards
}

function checkAgainstIndex(
  file: string,
  promised: ReadonlySet<string>,
  header: ReadonlyMap<string, TensorEntry>,
  index: string,
): void {
  for (const name of promised) {
    if (!header.has(name)) throw new CompileError(file, `tensor ${quoted(name)}`, `missing, but ${index} names it`)
  }
  for (const name of header.keys()) {
    if (!promised.has(name))
      throw new CompileError(file, `tensor ${quoted(name)}`, `${index} does not place it in this file`)
  }
}

/** Reads a file as a whole, as a CompileError when it is above the limit. */
export async function readBounded(
  source: ModelSource,
  name: string,
  limitBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const bytes = await source.open(name)
  if (bytes.sizeBytes > limitBytes)
    throw new CompileError(name, '', `${bytes.sizeBytes} bytes, expected at most ${limitBytes}`)
  return await readWhole(bytes, limitBytes, signal)
}

async function readTensorRows(
  source: ByteSource,
  tensor: TensorEntry,
  first: number,
  count: number,
  signal: AbortSignal,
): Promise<Float32Array> {
  const { dtype, shape, strides } = tensor
  const rows = shape[0] ?? 1
  if (first < 0 || count < 0 || first + count > rows)
    throw new RangeError(`${tensor.name}: rows ${first} to ${first + count} of ${rows}`)
  const columns = shape.slice(1).reduce((product, size) => product * size, 1)
  const rowBytes = columns * bytesPerElement[dtype]
  checkReadable(tensor)
  const bytes =
    strides === undefined
      ? await source.read(tensor.offset + first * rowBytes, count * rowBytes, signal)
      : await readPermutedRows(source, tensor, first, count, signal)
  if (bytes.byteLength !== count * rowBytes) throw new CompileError(tensor.file, nameOf(tensor), 'the file ends early')
  const values = widen(bytes, tensor, count * columns)
  checkFinite(values, tensor, first * columns)
  return values
}

function widen(bytes: Uint8Array, tensor: TensorEntry, length: number): Float32Array {
  const { dtype } = tensor
  if (dtype === 'F32') {
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes)
    return new Float32Array(aligned.buffer, aligned.byteOffset, length)
  }
  const values = new Float32Array(length)
  if (dtype === 'F16') widenFloat16(bytes, values)
  else widenBfloat16(bytes, values)
  return values
}

function checkFinite(values: Float32Array, tensor: TensorEntry, offset: number): void {
  let probe = 0 // turns NaN at the first NaN or infinity: 0 * value is 0 for every finite value
  for (let index = 0; index < values.length; index++) probe += (values[index] as number) * 0
  if (probe === 0) return
  const index = values.findIndex((value) => !Number.isFinite(value))
  throw new CompileError(tensor.file, nameOf(tensor), `element ${offset + index} is ${values[index]}`)
}

/** Throws CompileError unless the tensor is F32, F16 or BF16 and its elements lie row by row, or in another order without gaps and repeats. */
export function checkReadable({ name, file, dtype, shape, strides }: TensorEntry): void {
  const at = `tensor ${quoted(name)}`
  if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16')
    throw new CompileError(file, `${at}.dtype`, `${dtype}, expected F32, F16 or BF16`)
  if (strides !== undefined && storageOrder(shape, strides) === null)
    throw new CompileError(file, at, `is a view [${shape}] whose elements lie [${strides}] apart, with gaps or repeats`)
}

function nameOf(tensor: TensorEntry): string {
  return `tensor ${quoted(tensor.name)}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
