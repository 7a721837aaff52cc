// Weights in MLC's form made a model here: the shards stay as they are, the libraries are our own. In: a folder as mlc-llm publishes it. Out: which of its
// files the model uses, and the files that are made beside them, the manifest last. Equal inputs give equal bytes.
import { CompileError } from '../../errors.ts'
import { type ModelManifest, manifestFileName, modelManifest, type StoredFile } from '../../model.ts'
import type { PromptChoice } from '../../prompts/choosePrompt.ts'
import { chatConfig, chatConfigFile } from '../chatConfig.ts'
import type { Hashers, ModelSink, ModelSource } from '../checkpoint/bytes.ts'
import { readBounded } from '../checkpoint/checkpoint.ts'
import { configFields, own } from '../checkpoint/config.ts'
import { parseJson } from '../checkpoint/json.ts'
import { type Description, describe } from '../describe.ts'
import { parametersOfModel } from '../graph/parameters.ts'
import { isQuantized, libraryTargets } from '../kernels/target.ts'
import { createLedger, jsonText } from '../ledger.ts'
import type { LibraryMaker } from '../makeLibrary.ts'
import { tensorCacheFile } from '../shards.ts'
import { readTokenizer } from '../tokenizer/readTokenizer.ts'
import { countWeights } from '../weights.ts'
import { convertedShardFile, convertTensors } from './convertTensors.ts'
import { type MatchedTensors, matchTensors } from './matchTensors.ts'
import { type PublishedModel, publishedModel } from './publishedConfig.ts'
import { readyPrompting } from './readyPrompting.ts'
import { type CachedShard, type CachedTensor, readTensorCache, tensorCacheFiles } from './tensorCache.ts'

export interface ReadyRequest {
  readonly source: ModelSource
  /** Gets the files that are made, the manifest last; never a shard of the source. */
  readonly sink: ModelSink
  readonly description: Partial<Description> & Pick<Description, 'id'>
  /** publisher/name or the folder's name, where one is known. */
  readonly repository: string | null
  /** In place of what the configuration says. */
  readonly prompt?: PromptChoice
  /** At most what the model was trained for; 4096 unless given. */
  readonly contextTokens?: number | null
  readonly runtime: Uint8Array
  readonly makeLibrary: LibraryMaker
  readonly hashers: Hashers
  /** Told of shard bytes that were hashed. */
  readonly onBytes?: (sizeBytes: number) => void
  readonly onPrompt?: (choice: PromptChoice) => void
}

export interface ReadyModel {
  readonly manifest: ModelManifest
  /** Files of the source that are part of the model as they are, under the same names. */
  readonly used: readonly StoredFile[]
}

/** What is known before any shard is read. */
export interface OpenedReady {
  readonly model: PublishedModel
  /** Which of the two names the table of contents has. */
  readonly cacheFile: string
  readonly shards: readonly CachedShard[]
  readonly matched: MatchedTensors
  /** mlc-chat-config.json. */
  readonly published: unknown
}

const usualContextTokens = 4096
const usualChunkTokens = 512
const maximumConfigBytes = 4 * 2 ** 20
const maximumCacheBytes = 64 * 2 ** 20

/**
 * Reads configuration and table of contents, and holds them against each other and against the sizes of the shards that are there. Throws CompileError on
 * anything that would not run; no shard is read.
 */
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

/** Makes the model and gives its manifest. Throws CompileError on bad input; whatever was written by then is no model. */
export async function makeReady(request: ReadyRequest, signal: AbortSignal): Promise<ReadyModel> {
  const { source, hashers } = request
  const { model, cacheFile, matched, published } = await openReady(source, signal)
  const { spec, rules, format } = model
  const tokenizer = await readTokenizer(source, spec.vocabularySize, signal)
  const prompting = await readyPrompting(
    source,
    { published, spec, tokenizer, repository: request.repository, asked: request.prompt ?? null },
    signal,
  )
  request.onPrompt?.(prompting.choice)
  const defaults = samplingDefaults(published)
  const { description, inputs } = await describe(
    source,
    spec,
    prompting,
    { ...defaults, ...request.description },
    signal,
  )

  const contextTokens = Math.min(request.contextTokens ?? usualContextTokens, spec.contextTokens)
  const prefillChunkTokens = Math.min(usualChunkTokens, contextTokens)
  const libraries = libraryTargets.map((target) => ({
    name: `library.${target}.wasm`,
    target,
    ...request.makeLibrary(request.runtime, {
      spec,
      rules,
      format,
      target,
      contextTokens,
      chunkTokens: prefillChunkTokens,
    }),
  }))

  const used: StoredFile[] = []
  for (const { file, sizeBytes, tensors } of matched.shards) {
    signal.throwIfAborted()
    if (tensors.length > 0) used.push({ name: file, sizeBytes, sha256: await source.sha256(file, signal, request.onBytes) })
  }
  const ledger = createLedger(request.sink, hashers)
  const converted = await convertTensors(
    source,
    matched.converted,
    (chunk) => ledger.write(convertedShardFile, chunk, signal),
    signal,
  )
  await ledger.writeText(tensorCacheFile, jsonText(normalised(matched, converted, countWeights(rules))), signal)
  await ledger.write(tokenizer.name, tokenizer.bytes, signal)
  for (const { name, bytes } of libraries) await ledger.write(name, bytes, signal)

  const portable = libraries.find(({ target }) => target === 'portable')
  if (portable === undefined) throw new Error('no portable library was made')
  const read = [...new Set([chatConfigFile, cacheFile, ...tokenizer.inputs, ...prompting.inputs, ...inputs])]
  const recipe = await Promise.all(read.map(async (name) => await storedFile(source, name, signal)))
  const manifest: Omit<ModelManifest, 'files'> = {
    format: 1,
    ...description,
    weightFormat: format,
    // mlc-llm takes the nearest of the values that a group can have.
    quantization: isQuantized(format) ? 'round-to-nearest' : 'none',
    parameters: countWeights(rules),
    vocabularySize: spec.vocabularySize,
    contextTokens,
    prefillChunkTokens,
    bosTokenId: prompting.bosTokenId,
    memory: portable.memory,
    libraries: { portable: 'library.portable.wasm', half: 'library.half.wasm', software: 'library.software.wasm' },
    inputs: recipe,
  }
  const { traits } = tokenizer
  const config = chatConfig({ spec, manifest, tokenizerFiles: [tokenizer.name], traits })
  await ledger.writeText(chatConfigFile, jsonText(config), signal)
  signal.throwIfAborted()
  const files = [...used, ...ledger.close()].sort((a, b) => (a.name < b.name ? -1 : 1))
  const complete = modelManifest.parse({ ...manifest, files })
  await request.sink.write(manifestFileName, new TextEncoder().encode(jsonText(complete)), signal)
  return { manifest: complete, used }
}

/** The table of contents as web-llm reads it: what the model needs and nothing else. Of no tensor is the place in its shard changed. */
function normalised({ shards }: MatchedTensors, converted: readonly CachedTensor[], parameters: number): object {
  const all = [
    ...shards.map(({ file, sizeBytes, tensors }) => ({ file, sizeBytes, tensors })),
    ...(converted.length === 0 ? [] : [convertedShard(converted)]),
  ]
  const used = all.filter(({ tensors }) => tensors.length > 0)
  const totalBytes = used.flatMap(({ tensors }) => tensors).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return {
    metadata: {
      ParamSize: used.reduce((sum, { tensors }) => sum + tensors.length, 0),
      ParamBytes: totalBytes,
      BitsPerParam: (totalBytes * 8) / parameters,
    },
    records: used.map(({ file, sizeBytes, tensors }) => ({
      dataPath: file,
      format: 'raw-shard',
      nbytes: sizeBytes,
      records: tensors.map((tensor) => ({
        name: tensor.name,
        shape: tensor.shape,
        dtype: tensor.dtype,
        format: tensor.format,
        nbytes: tensor.sizeBytes,
        byteOffset: tensor.offset,
      })),
    })),
  }
}

function convertedShard(tensors: readonly CachedTensor[]) {
  const end = tensors.reduce((most, { offset, sizeBytes }) => Math.max(most, offset + sizeBytes), 0)
  return { file: convertedShardFile, sizeBytes: Math.ceil(end / 4) * 4, tensors }
}

function samplingDefaults(published: unknown): Pick<Description, 'defaults'> {
  const fields = configFields(published, chatConfigFile)
  const number = (name: string, minimum: number, maximum: number, otherwise: number) => {
    const value = own(fields, name)
    return typeof value === 'number' && value >= minimum && value <= maximum ? value : otherwise
  }
  return { defaults: { temperature: number('temperature', 0, 2, 0.8), topP: number('top_p', 0.01, 1, 0.95) } }
}

async function storedFile(source: ModelSource, name: string, signal: AbortSignal): Promise<StoredFile> {
  const { sizeBytes } = await source.open(name)
  return { name, sizeBytes, sha256: await source.sha256(name, signal) }
}
