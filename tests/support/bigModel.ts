// A model folder of up to 7 GB for the real app: layers in the shape of Llama 2, 7B or for more than 3.6 GB 13B, with random 4-bit weights, written shard by shard with the hashes of its
// blocks. The vocabulary is small, so the text means nothing.
import { createHash, type Hash } from 'node:crypto'
import { mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parameterBytes } from '../../shared/compiler/graph/memory.ts'
import { parametersOfModel } from '../../shared/compiler/graph/parameters.ts'
import { libraryTargets } from '../../shared/compiler/kernels/target.ts'
import { makeLibrary } from '../../shared/compiler/makeLibrary.ts'
import { fileBlockBytes, type ModelManifest, manifestFileName, type StoredFile } from '../../shared/model.ts'
import { sliceSpec } from '../bench/slice.ts'
import { modelManifestOf } from './installedModel.ts'
import { plainChatConfig } from './syntheticModel.ts'

const shardBytes = 128 * 2 ** 20
const patternBytes = 4 * 2 ** 20

export interface BigModel {
  readonly manifest: ModelManifest
  readonly shardFiles: readonly string[]
  readonly weightsBytes: number
  /** Sizes of the parameters: each is a buffer of its own on the GPU. */
  readonly parameterBytes: readonly number[]
}

/** Writes as many whole layers, of 114 or 178 MB, as come nearest above `wantedBytes`. */
export async function writeBigModel(
  folder: string,
  id: string,
  runtime: Uint8Array,
  wantedBytes: number,
): Promise<BigModel> {
  mkdirSync(folder, { recursive: true })
  const [repository, layerBytes]: readonly [string, number] =
    wantedBytes <= 3.6e9 ? ['meta-llama/Llama-2-7b-hf', 114e6] : ['meta-llama/Llama-2-13b-hf', 178e6]
  const layerCount = Math.max(1, Math.ceil(wantedBytes / layerBytes))
  const { spec, rules } = await sliceSpec({
    repository,
    layers: Array.from({ length: layerCount }, (_, layer) => layer),
  })
  const parameters = parametersOfModel(rules, 'q4f16_1')
  const files: StoredFile[] = []
  const write = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes)
    files.push({ name, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })
  }
  const random = crypto.getRandomValues(new Uint8Array(65_536))
  const pattern = new Uint8Array(patternBytes).map((_, index) => random[index & 0xffff] ?? 0)
  const norms = new Uint8Array(new Uint16Array(patternBytes / 2).fill(0x3c00).buffer)
  const scales = new Uint8Array(new Uint16Array(patternBytes / 2).fill(0x1819).buffer)
  const records: object[] = []
  let shard: ShardFile | null = null
  const finish = () => {
    if (shard === null) return
    const file = shard.close()
    files.push(file)
    records.push({ dataPath: file.name, format: 'raw-shard', nbytes: file.sizeBytes, records: shard.records })
    shard = null
  }
  for (const parameter of parameters) {
    const nbytes = parameterBytes(parameter)
    if (shard !== null && shard.sizeBytes + nbytes > shardBytes) finish()
    shard ??= openShard(folder, `params_shard_${records.length}.bin`)
    shard.records.push({ ...parameter, format: 'raw', nbytes, byteOffset: shard.sizeBytes })
    const source = parameter.name.endsWith('q_scale') ? scales : parameter.name.endsWith('q_weight') ? pattern : norms
    for (let left = nbytes; left > 0; left -= patternBytes)
      shard.write(source.subarray(0, Math.min(left, patternBytes)))
  }
  finish()
  const shardFiles = files.map(({ name }) => join(folder, name))
  const weightsBytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  write('tensor-cache.json', json({ metadata: {}, records }))
  const vocab = Object.fromEntries(Array.from({ length: spec.vocabularySize }, (_, token) => [`t${token}`, token]))
  write('tokenizer.json', json({ version: '1.0', added_tokens: [], model: { type: 'BPE', vocab, merges: [] } }))
  write('mlc-chat-config.json', json(plainChatConfig(spec)))
  for (const target of libraryTargets) {
    const options = { spec, rules, format: 'q4f16_1', target, chunkTokens: 128, contextTokens: 256 } as const
    write(`${target}.wasm`, makeLibrary(runtime, options).bytes)
  }
  const manifest: ModelManifest = {
    ...modelManifestOf(id, files),
    family: id,
    vocabularySize: spec.vocabularySize,
    contextTokens: 256,
    prefillChunkTokens: 128,
    memory: { weightsBytes, cacheBytes: layerCount * 4_200_000, workingBytes: 20_000_000 },
    libraries: { portable: 'portable.wasm', half: 'half.wasm', software: 'software.wasm' },
  }
  writeFileSync(join(folder, manifestFileName), JSON.stringify(manifest))
  return { manifest, shardFiles, weightsBytes, parameterBytes: parameters.map(parameterBytes) }
}

interface ShardFile {
  readonly records: object[]
  readonly sizeBytes: number
  write(bytes: Uint8Array): void
  close(): StoredFile
}

/** Hashes what it writes, as a whole and by block. */
function openShard(folder: string, name: string): ShardFile {
  const output = openSync(join(folder, name), 'w')
  const whole = createHash('sha256')
  const blocks: string[] = []
  let block: Hash = createHash('sha256')
  let inBlock = 0
  let sizeBytes = 0
  return {
    records: [],
    get sizeBytes() {
      return sizeBytes
    },
    write(bytes) {
      writeSync(output, bytes)
      whole.update(bytes)
      sizeBytes += bytes.length
      for (let at = 0; at < bytes.length; ) {
        const part = bytes.subarray(at, at + fileBlockBytes - inBlock)
        block.update(part)
        inBlock += part.length
        at += part.length
        if (inBlock === fileBlockBytes) {
          blocks.push(block.digest('hex'))
          block = createHash('sha256')
          inBlock = 0
        }
      }
    },
    close() {
      if (inBlock > 0) blocks.push(block.digest('hex'))
      const stored = { name, sizeBytes, sha256: whole.digest('hex') }
      return sizeBytes > fileBlockBytes ? { ...stored, blocks } : stored
    },
  }
}
