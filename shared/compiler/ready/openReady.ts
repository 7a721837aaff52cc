// Published weights before any shard is read: configuration and table of contents, held against each other and against the sizes of what is there.
import { CompileError } from '../../errors.ts'
import { chatConfigFile } from '../chatConfig.ts'
import type { ModelSource } from '../checkpoint/bytes.ts'
import { readBounded } from '../checkpoint/checkpoint.ts'
import { parseJson } from '../checkpoint/json.ts'
import { parametersOfModel } from '../graph/parameters.ts'
import { type MatchedTensors, matchTensors } from './matchTensors.ts'
import { type PublishedModel, publishedModel } from './publishedConfig.ts'
import { type CachedShard, readTensorCache, tensorCacheFiles } from './tensorCache.ts'

export interface OpenedReady {
  readonly model: PublishedModel
  /** Which of the two names the table of contents has. */
  readonly cacheFile: string
  readonly shards: readonly CachedShard[]
  readonly matched: MatchedTensors
  /** mlc-chat-config.json. */
  readonly published: unknown
}

const maximumConfigBytes = 4 * 2 ** 20
const maximumCacheBytes = 64 * 2 ** 20

/** Throws CompileError on anything that would not run. */
export async function openReady(source: ModelSource, signal: AbortSignal): Promise<OpenedReady> {
  const names = new Set(await source.names())
  const published = parseJson(await readBounded(source, chatConfigFile, maximumConfigBytes, signal), chatConfigFile)
  const model = publishedModel(published)
  const cacheFile = tensorCacheFiles.find((name) => names.has(name))
  if (cacheFile === undefined)
    throw new CompileError(tensorCacheFiles[0], '', `not found, nor is ${tensorCacheFiles[1]}`)
  const cache = parseJson(await readBounded(source, cacheFile, maximumCacheBytes, signal), cacheFile)
  const shards = readTensorCache(cache, cacheFile)
  const matched = matchTensors(shards, parametersOfModel(model.rules, model.format), cacheFile)
  for (const { file, sizeBytes } of shards) {
    if (!names.has(file)) throw new CompileError(file, '', `not found, but ${cacheFile} names it`)
    const actual = (await source.open(file)).sizeBytes
    if (actual !== sizeBytes) throw new CompileError(file, '', `${actual} bytes, but ${cacheFile} says ${sizeBytes}`)
  }
  return { model, cacheFile, shards, matched, published }
}
