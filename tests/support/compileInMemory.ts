// A model compiled in memory: its files, and its weights read back from the shards.
import { createHash } from 'node:crypto'
import { nodeHashers } from '../../electron/services/files.ts'
import { parseJson } from '../../shared/compiler/checkpoint/json.ts'
import { type CompileOptions, type CompileProgress, compileModel } from '../../shared/compiler/compile.ts'
import type { WeightFormat } from '../../shared/compiler/kernels/target.ts'
import { makeLibrary } from '../../shared/compiler/makeLibrary.ts'
import { roundToNearest } from '../../shared/compiler/quantize/roundToNearest.ts'
import { type MemoryFiles, memorySink, memorySource } from './memorySource.ts'
import type { TensorRecord } from './publishedModel.ts'
import { readRuntime } from './runtime.ts'

const runtime = await readRuntime()
const { signal } = new AbortController()

interface Cache {
  readonly metadata: { readonly ParamSize: number; readonly ParamBytes: number; readonly BitsPerParam: number }
  readonly records: readonly {
    readonly dataPath: string
    readonly nbytes: number
    readonly md5sum: string
    readonly records: readonly TensorRecord[]
  }[]
}

/** Compiles a folder of these files in memory; `tensors` are the stored ones by name, `seen` is the progress told. */
export async function compile(files: MemoryFiles, format: WeightFormat, more: Partial<CompileOptions> = {}) {
  const sink = memorySink()
  const seen: CompileProgress[] = []
  const manifest = await compileModel(
    {
      source: memorySource(files),
      sink,
      runtime,
      makeLibrary,
      hashers: nodeHashers,
      options: { format, quantizer: roundToNearest, description: { id: 'test/model' }, ...more },
      onProgress: (progress) => seen.push(progress),
    },
    signal,
  )
  const file = (name: string) => sink.files.get(name) as Uint8Array
  const cache = parseJson(file('tensor-cache.json'), '') as Cache
  const tensors = new Map(
    cache.records.flatMap((shard) =>
      shard.records.map((record) => [
        record.name,
        { ...record, bytes: file(shard.dataPath).slice(record.byteOffset, record.byteOffset + record.nbytes) },
      ]),
    ),
  )
  return { manifest, files: sink.files, cache, tensors, seen }
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
export const json = <T>(bytes: Uint8Array | undefined): T =>
  JSON.parse(Buffer.from(bytes as Uint8Array).toString('utf8')) as T
