// The table of contents of weights in MLC's form: tensor-cache.json, or ndarray-cache.json as it was called until 2025. Which bytes of which shard are
// which tensor. Written by a stranger and believed in nothing: every span is held against its shard, its shape and its neighbours.
import { CompileError } from '../../errors.ts'
import { quoted, shown } from '../checkpoint/json.ts'
import { tensorCacheFile } from '../shards.ts'

export const tensorCacheFiles = [tensorCacheFile, 'ndarray-cache.json'] as const

/** `f32-to-bf16`: a float32 tensor kept as bfloat16; web-llm widens it when it loads. */
export interface CachedTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: 'uint32' | 'float16' | 'float32'
  readonly format: 'raw' | 'f32-to-bf16'
  readonly sizeBytes: number
  /** Within its shard. */
  readonly offset: number
}

export interface CachedShard {
  readonly file: string
  readonly sizeBytes: number
  readonly md5: string | null
  readonly tensors: readonly CachedTensor[]
}

const elementBytes = { uint32: 4, float16: 2, float32: 4 } as const
const maximumTensors = 100_000
const shardName = /^params_shard_\d{1,6}\.bin$/

/** Throws CompileError naming the record and the field. `file`: which of the two names it has. */
export function readTensorCache(value: unknown, file: string): readonly CachedShard[] {
  const records = isRecord(value) ? value.records : undefined
  if (!Array.isArray(records) || records.length === 0)
    throw new CompileError(file, 'records', 'expected a list of shards')
  const files = new Set<string>()
  const names = new Set<string>()
  return records.map((record: unknown, index): CachedShard => {
    const shard = readShard(record, file, `records[${index}]`)
    if (files.has(shard.file)) throw new CompileError(file, `records[${index}].dataPath`, `${shard.file} stands twice`)
    files.add(shard.file)
    for (const { name } of shard.tensors) {
      if (names.has(name)) throw new CompileError(file, `tensor ${quoted(name)}`, 'stands twice')
      names.add(name)
    }
    if (names.size > maximumTensors) throw new CompileError(file, 'records', `more than ${maximumTensors} tensors`)
    return shard
  })
}

function readShard(record: unknown, file: string, at: string): CachedShard {
  if (!isRecord(record)) throw new CompileError(file, at, 'expected an object')
  const { dataPath, format, nbytes, md5sum = null, records } = record
  if (typeof dataPath !== 'string' || !shardName.test(dataPath))
    throw new CompileError(file, `${at}.dataPath`, `${shown(dataPath)}, expected params_shard_<number>.bin`)
  if (format !== 'raw-shard') throw new CompileError(file, `${at}.format`, `${shown(format)}, expected "raw-shard"`)
  if (!isNatural(nbytes)) throw new CompileError(file, `${at}.nbytes`, `${shown(nbytes)}, expected a size in bytes`)
  if (md5sum !== null && !(typeof md5sum === 'string' && /^[0-9a-f]{32}$/.test(md5sum)))
    throw new CompileError(file, `${at}.md5sum`, `${shown(md5sum)}, expected 32 hexadecimal digits`)
  if (!Array.isArray(records) || records.length > maximumTensors)
    throw new CompileError(file, `${at}.records`, `expected a list of at most ${maximumTensors} tensors`)
  const tensors = records.map((tensor: unknown, index) => readTensor(tensor, file, `${at}.records[${index}]`))
  checkSpans(tensors, nbytes, file)
  return { file: dataPath, sizeBytes: nbytes, md5: md5sum, tensors }
}

function readTensor(record: unknown, file: string, at: string): CachedTensor {
  if (!isRecord(record)) throw new CompileError(file, at, 'expected an object')
  const { name, shape, dtype, format, nbytes, byteOffset } = record
  if (typeof name !== 'string' || name === '' || name.length > 200)
    throw new CompileError(file, `${at}.name`, `${shown(name)}, expected a name of 1 to 200 characters`)
  const tensor = `tensor ${quoted(name)}`
  if (typeof dtype !== 'string' || !Object.hasOwn(elementBytes, dtype))
    throw new CompileError(file, `${tensor}.dtype`, `${shown(dtype)}, expected uint32, float16 or float32`)
  if (format !== 'raw' && format !== 'f32-to-bf16')
    throw new CompileError(file, `${tensor}.format`, `${shown(format)}, expected "raw" or "f32-to-bf16"`)
  if (!Array.isArray(shape) || shape.length > 8 || !shape.every(isNatural))
    throw new CompileError(file, `${tensor}.shape`, `${shown(shape)}, expected at most 8 sizes`)
  if (!isNatural(nbytes)) throw new CompileError(file, `${tensor}.nbytes`, `${shown(nbytes)}, expected a size in bytes`)
  if (!isNatural(byteOffset))
    throw new CompileError(file, `${tensor}.byteOffset`, `${shown(byteOffset)}, expected an offset in bytes`)
  const type = dtype as CachedTensor['dtype']
  // The label stands on every record of a converted model and means something on float32 alone.
  const isNarrowed = format === 'f32-to-bf16' && type === 'float32'
  const width = BigInt(isNarrowed ? 2 : elementBytes[type])
  const expected = (shape as readonly number[]).reduce((product, size) => product * BigInt(size), width)
  if (expected !== BigInt(nbytes)) {
    const problem = `${nbytes} bytes, but shape [${shape}] in ${isNarrowed ? 'bfloat16' : type} takes ${expected}`
    throw new CompileError(file, `${tensor}.nbytes`, problem)
  }
  return { name, shape, dtype: type, format: isNarrowed ? format : 'raw', sizeBytes: nbytes, offset: byteOffset }
}

/** Every span lies inside the shard and none reaches into another. */
function checkSpans(tensors: readonly CachedTensor[], sizeBytes: number, file: string): void {
  let reached = 0
  let previous = ''
  for (const tensor of [...tensors].sort((a, b) => a.offset - b.offset || a.sizeBytes - b.sizeBytes)) {
    const at = `tensor ${quoted(tensor.name)}.byteOffset`
    const end = tensor.offset + tensor.sizeBytes
    if (end > sizeBytes) throw new CompileError(file, at, `ends at byte ${end} of a shard of ${sizeBytes}`)
    if (tensor.offset < reached) throw new CompileError(file, at, `overlaps tensor ${quoted(previous)}`)
    reached = end
    previous = tensor.name
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNatural(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && !Object.is(value, -0)
}
