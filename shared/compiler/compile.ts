// The whole pipeline on one screen: a Hugging Face folder in, a folder that web-llm loads out. Pure: bytes, hashes and the runtime are parameters.
// Memory stays bounded whatever the size of the checkpoint; equal inputs give equal bytes. The manifest is written last.
import { type ModelManifest, manifestFileName, modelManifest, type StoredFile } from '../model.ts'
import { continuesText, type PromptChoice } from '../prompts/choosePrompt.ts'
import { requireArchitecture } from './architectures/index.ts'
import type { DecoderSpec, WeightRule } from './architectures/spec.ts'
import { chatConfig, chatConfigFile } from './chatConfig.ts'
import type { Hashers, ModelSink, ModelSource } from './checkpoint/bytes.ts'
import { type Checkpoint, openCheckpoint, readBounded } from './checkpoint/checkpoint.ts'
import { configFile } from './checkpoint/config.ts'
import { parseJson } from './checkpoint/json.ts'
import { checkTensors } from './checkTensors.ts'
import { chooseContext } from './contextChoice.ts'
import { type Description, describe } from './describe.ts'
import { isQuantized, type LibraryTarget, libraryTargets, type WeightFormat } from './kernels/target.ts'
import { createLedger, jsonText } from './ledger.ts'
import type { LibraryMaker } from './makeLibrary.ts'
import { choosePrompting } from './prompting.ts'
import type { Quantizer } from './quantize/quantizer.ts'
import { createShardWriter, type ShardSizes } from './shards.ts'
import { readTokenizer } from './tokenizer/readTokenizer.ts'
import { countWeights, writeWeights } from './weights.ts'

/** What a quantizer that looks at the whole model may use to prepare itself. */
export interface OpenModel {
  readonly spec: DecoderSpec
  readonly rules: readonly WeightRule[]
  readonly checkpoint: Checkpoint
}

export interface CompileOptions {
  readonly format: WeightFormat
  /** Chooses 4-bit values; a function is called once the checkpoint is open. Not used by the unquantized formats. */
  readonly quantizer: Quantizer | ((model: OpenModel, signal: AbortSignal) => Promise<Quantizer>)
  /** Words and choices of the manifest; only the id is needed. */
  readonly description: Partial<Description> & Pick<Description, 'id'>
  /** publisher/name or the folder's name, where one is known: published names tell the prompt template. */
  readonly repository?: string
  /** In place of what the checkpoint says. Both give way to a prompt in the description. */
  readonly prompt?: PromptChoice
  /** At most what the model was trained for; 4096 unless given, because the cache is allocated for all of it. */
  readonly contextTokens?: number
  /** Tokens per prefill call at most; 512 unless given, the whole context where a prompt is read as a whole. */
  readonly prefillChunkTokens?: number
  readonly shardSizes?: ShardSizes
}

export interface CompileProgress {
  readonly step: 'inputs' | 'weights' | 'libraries'
  /** Checkpoint bytes: each is read once for its weights and once for its hash. */
  readonly doneBytes: number
  readonly totalBytes: number
}

export interface CompileRequest {
  readonly source: ModelSource
  readonly sink: ModelSink
  readonly options: CompileOptions
  /** The prebuilt runtime every library starts from. */
  readonly runtime: Uint8Array
  readonly makeLibrary: LibraryMaker
  readonly hashers: Hashers
  readonly onProgress?: (progress: CompileProgress) => void
  /** Told once, before the weights, which prompt template the model gets and why. */
  readonly onPrompt?: (choice: PromptChoice) => void
}

const maximumConfigBytes = 4 * 2 ** 20

/** Compiles and gives the manifest it wrote. Throws CompileError on bad input; whatever was written by then is no model. */
export async function compileModel(request: CompileRequest, signal: AbortSignal): Promise<ModelManifest> {
  const { source, options, hashers } = request
  const { format } = options
  const config = parseJson(await readBounded(source, configFile, maximumConfigBytes, signal), configFile)
  const architecture = requireArchitecture(config)
  const spec = architecture.spec(config)
  const rules = architecture.weights(spec)
  const checkpoint = await openCheckpoint(source, signal)
  checkTensors(checkpoint, rules, architecture.ignorable(spec))
  const tokenizer = await readTokenizer(source, spec.vocabularySize, signal)
  // Who describes the prompt describes its stops as well: then nothing is chosen.
  const isGiven = options.description.prompt !== undefined
  const asked = isGiven ? continuesText : (options.prompt ?? null)
  const prompting = await choosePrompting(
    source,
    { spec, tokenizer, repository: options.repository ?? null, asked },
    signal,
  )
  if (!isGiven) request.onPrompt?.(prompting.choice)
  const { description, inputs } = await describe(source, spec, prompting, options.description, signal)

  const { contextTokens, chunkTokens: prefillChunkTokens } = chooseContext(spec, {
    contextTokens: options.contextTokens,
    chunkTokens: options.prefillChunkTokens,
  })
  // Before the weights, which take minutes: a shape that no library can be made for fails at once.
  const libraries = makeLibraries(request, { spec, rules, format, contextTokens, chunkTokens: prefillChunkTokens })

  const progress = createProgress(checkpoint, request.onProgress)
  const quantizer =
    typeof options.quantizer === 'function'
      ? await options.quantizer({ spec, rules, checkpoint }, signal)
      : options.quantizer

  const ledger = createLedger(request.sink, hashers)
  const shards = createShardWriter(ledger, hashers, options.shardSizes)
  await writeWeights(checkpoint, { rules, format, quantizer }, shards, (bytes) => progress('weights', bytes), signal)
  const parameters = countWeights(rules)
  await shards.finish(parameters, signal)
  await ledger.write(tokenizer.name, tokenizer.bytes, signal)
  // After the weights: a source may still be waiting for its last files, and gives the hash of each once it is there.
  const inputNames = [
    ...new Set([configFile, ...checkpoint.files, ...tokenizer.inputs, ...prompting.inputs, ...inputs]),
  ]
  const inputFiles = await hashInputs(source, inputNames, (sizeBytes) => progress('inputs', sizeBytes), signal)

  progress('libraries', 0)
  for (const { target, bytes } of libraries) await ledger.write(libraryFile(target), bytes, signal)

  const manifest: Omit<ModelManifest, 'files'> = {
    format: 1,
    ...description,
    weightFormat: format,
    quantization: isQuantized(format) ? quantizer.name : 'none',
    parameters,
    vocabularySize: spec.vocabularySize,
    contextTokens,
    prefillChunkTokens,
    bosTokenId: prompting.bosTokenId,
    // The portable library's cache is the largest.
    memory: libraryOf(libraries, 'portable').memory,
    needs: {
      portable: libraryOf(libraries, 'portable').needs,
      half: libraryOf(libraries, 'half').needs,
      software: libraryOf(libraries, 'software').needs,
    },
    libraries: { portable: libraryFile('portable'), half: libraryFile('half'), software: libraryFile('software') },
    inputs: [...inputFiles],
  }
  const { traits } = tokenizer
  await ledger.writeText(
    chatConfigFile,
    jsonText(chatConfig({ spec, manifest, tokenizerFiles: [tokenizer.name], traits })),
    signal,
  )
  signal.throwIfAborted()
  const complete = modelManifest.parse({ ...manifest, files: ledger.close() })
  await request.sink.write(manifestFileName, new TextEncoder().encode(jsonText(complete)), signal)
  return complete
}

type Report = (step: CompileProgress['step'], moreBytes: number) => void

function createProgress(checkpoint: Checkpoint, onProgress: CompileRequest['onProgress']): Report {
  const weightBytes = [...checkpoint.tensors.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const totalBytes = 2 * weightBytes
  let doneBytes = 0
  return (step, moreBytes) => {
    doneBytes = step === 'libraries' ? totalBytes : Math.min(totalBytes, doneBytes + moreBytes)
    onProgress?.({ step, doneBytes, totalBytes })
  }
}

async function hashInputs(
  source: ModelSource,
  names: readonly string[],
  onBytes: (sizeBytes: number) => void,
  signal: AbortSignal,
): Promise<readonly StoredFile[]> {
  const files: StoredFile[] = []
  for (const name of names) {
    signal.throwIfAborted()
    const { sizeBytes } = await source.open(name)
    files.push({ name, sizeBytes, sha256: await source.sha256(name, signal, onBytes) })
  }
  return files
}

type Library = ReturnType<LibraryMaker> & { readonly target: LibraryTarget }

/** One library per target. */
function makeLibraries(
  { runtime, makeLibrary }: CompileRequest,
  model: Omit<Parameters<LibraryMaker>[1], 'target'>,
): readonly Library[] {
  return libraryTargets.map((target) => ({ target, ...makeLibrary(runtime, { ...model, target }) }))
}

function libraryOf(libraries: readonly Library[], wanted: LibraryTarget): Library {
  const found = libraries.find(({ target }) => target === wanted)
  if (found === undefined) throw new Error(`no ${wanted} library was made`)
  return found
}

function libraryFile(target: LibraryTarget): string {
  return `library.${target}.wasm`
}
