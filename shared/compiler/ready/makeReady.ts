// Weights in MLC's form made a model here: the shards stay as they are, the libraries are our own. In: a folder as mlc-llm publishes it. Out: which of its
// files the model uses, and the files that are made beside them, the manifest last. Equal inputs give equal bytes.
import { type ModelManifest, manifestFileName, modelManifest, type StoredFile } from '../../model.ts'
import type { PromptChoice } from '../../prompts/choosePrompt.ts'
import { chatConfig, chatConfigFile } from '../chatConfig.ts'
import type { Hashers, ModelSink, ModelSource } from '../checkpoint/bytes.ts'
import { configFields, own } from '../checkpoint/config.ts'
import { chooseContext } from '../contextChoice.ts'
import { type Description, describe } from '../describe.ts'
import { isQuantized, type LibraryTarget, libraryTargets } from '../kernels/target.ts'
import { createLedger, jsonText } from '../ledger.ts'
import type { LibraryMaker } from '../makeLibrary.ts'
import { tensorCacheFile } from '../shards.ts'
import { readTokenizer } from '../tokenizer/readTokenizer.ts'
import { countWeights } from '../weights.ts'
import { convertedShardFile, convertTensors } from './convertTensors.ts'
import { normalisedCache } from './normalisedCache.ts'
import { openReady } from './openReady.ts'
import { readyPrompting } from './readyPrompting.ts'

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

  const { contextTokens, chunkTokens } = chooseContext(spec, { contextTokens: request.contextTokens ?? undefined })
  const make = (target: LibraryTarget) =>
    request.makeLibrary(request.runtime, { spec, rules, format, target, contextTokens, chunkTokens })
  const libraries = { portable: make('portable'), half: make('half'), software: make('software') }

  const used: StoredFile[] = []
  for (const { file, sizeBytes, tensors } of matched.shards) {
    signal.throwIfAborted()
    if (tensors.length > 0)
      used.push({ name: file, sizeBytes, sha256: await source.sha256(file, signal, request.onBytes) })
  }
  const ledger = createLedger(request.sink, hashers)
  const converted = await convertTensors(
    source,
    matched.converted,
    (chunk) => ledger.write(convertedShardFile, chunk, signal),
    signal,
  )
  await ledger.writeText(tensorCacheFile, jsonText(normalisedCache(matched, converted, countWeights(rules))), signal)
  await ledger.write(tokenizer.name, tokenizer.bytes, signal)
  for (const target of libraryTargets) await ledger.write(libraryFile(target), libraries[target].bytes, signal)

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
    prefillChunkTokens: chunkTokens,
    bosTokenId: prompting.bosTokenId,
    // The portable library's cache is the largest.
    memory: libraries.portable.memory,
    needs: { portable: libraries.portable.needs, half: libraries.half.needs, software: libraries.software.needs },
    libraries: { portable: libraryFile('portable'), half: libraryFile('half'), software: libraryFile('software') },
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

function libraryFile(target: LibraryTarget): string {
  return `library.${target}.wasm`
}
