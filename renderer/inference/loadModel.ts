// Loads one installed model with web-llm inside the worker: adapter, store instead of the Cache API, library, weights, programs.
import type { MLCEngine } from '@mlc-ai/web-llm'
import { memoryOfLoaded } from '../../shared/fit/load.ts'
import type { InstalledModel } from '../../shared/model.ts'
import { loadedConvTemplate } from '../../shared/prompts/convTemplate.ts'
import { renderTurns } from '../../shared/prompts/renderTurns.ts'
import { adapterRetryDelaysMs, describeAdapter, requestAdapterPatiently } from './adapter.ts'
import { watchDeviceMemory } from './deviceMemory.ts'
import { InferenceError } from './inferenceError.ts'
import { reportProgress } from './loadProgress.ts'
import { libraryUrl, modelBaseUrl, modelCaches } from './modelCache.ts'
import { type ModelFiles, openModelFiles, shardBytes } from './modelFiles.ts'
import { watchOutOfMemory } from './outOfMemory.ts'
import { type Pipeline, pipelineOf } from './pipeline.ts'
import type { AdapterReport, LoadProgress, Problem } from './protocol.ts'
import { openShardReaders } from './shardReaders.ts'
import { startReader } from './startWorker.ts'
import { specialTokens, type Tokenizer } from './tokenizer.ts'
import { type TokenText, tokenTexts } from './tokenText.ts'
import { sha256 } from './verifiedFile.ts'

export interface LoadedModel {
  readonly engine: MLCEngine
  readonly pipeline: Pipeline
  readonly tokenizer: Tokenizer
  /** What each token is written as. */
  readonly textOf: TokenText
  readonly specials: readonly string[]
  /** What WebGPU reported since the last call: such errors do not throw, they leave stale numbers behind. */
  readonly takeGpuError: () => string | null
  /** What all buffers of its device take. */
  readonly memoryBytes: () => number
}

export interface LoadEvents {
  adapter(adapter: AdapterReport): void
  progress(progress: LoadProgress): void
  lost(detail: string): void
  /** There was no memory left: the load fails, whether web-llm says so or not. */
  outOfMemory(problem: Problem): void
}

const sleep = (delayMs: number) => new Promise<void>((resolve) => setTimeout(resolve, delayMs))

/** To be called once per worker. Throws InferenceError where there is no adapter, and whatever web-llm throws. */
export async function loadModel(model: InstalledModel, events: LoadEvents): Promise<LoadedModel> {
  const { manifest, key } = model
  const gpu: GPU | undefined = navigator.gpu
  if (gpu === undefined) throw new InferenceError({ code: 'no-webgpu', detail: 'navigator.gpu is missing' })
  const request = gpu.requestAdapter.bind(gpu)
  let needsFallback = false
  /** Patient the first time; where only the software adapter answered, it alone is asked for from then on. */
  const findAdapter = async (options?: GPURequestAdapterOptions) => {
    const ask = async (forceFallbackAdapter: boolean) => {
      const found = await request(forceFallbackAdapter ? { ...options, forceFallbackAdapter } : options)
      needsFallback = forceFallbackAdapter && found !== null
      return found
    }
    return requestAdapterPatiently(ask, sleep, needsFallback ? [] : adapterRetryDelaysMs)
  }
  const adapter = await findAdapter({ powerPreference: 'high-performance' })
  if (adapter === null)
    throw new InferenceError({ code: 'no-adapter', detail: 'requestAdapter() answered null every time' })
  const report = describeAdapter(adapter)
  events.adapter(report)

  const gpuErrors: string[] = []
  let device: GPUDevice | undefined
  let memoryBytes = () => 0
  let outOfMemory = (): string | null => null
  const outOfMemoryProblem = (detail: string): Problem => {
    const needBytes = Math.max(memoryOfLoaded(manifest, report.library), memoryBytes())
    return { code: 'out-of-memory', needBytes, detail }
  }
  Object.defineProperty(gpu, 'requestAdapter', {
    value: async (options?: GPURequestAdapterOptions) => {
      const found = await findAdapter(options)
      if (found !== null) {
        watchDevice(found, (made) => {
          device = made
          const memory = watchDeviceMemory(made)
          memoryBytes = () => memory().liveBytes
          outOfMemory = watchOutOfMemory(made)
          void made.lost.then(({ message, reason }) => {
            const detail = outOfMemory()
            if (detail === null) events.lost(message || reason)
            else events.outOfMemory(outOfMemoryProblem(detail))
          })
          made.addEventListener('uncapturederror', ({ error }) => gpuErrors.push(error.message))
        })
      }
      return found
    },
  })
  const progress = reportProgress(shardBytes(model), events.progress)
  progress.begun()
  const readers = openShardReaders(startReader, progress.read)
  const files = openModelFiles(model, { fetch: (url, init) => fetch(url, init), sha256 }, readers.read)
  Object.defineProperty(globalThis, 'caches', { value: modelCaches(model, files) })
  const { MLCEngine } = await import('@mlc-ai/web-llm')
  const engine = new MLCEngine({
    appConfig: {
      model_list: [
        {
          model: modelBaseUrl(key),
          model_id: manifest.id,
          model_lib: libraryUrl(key, manifest.libraries[report.library]),
        },
      ],
    },
    logLevel: 'WARN',
    initProgressCallback: ({ progress: fraction }) => progress.counted(fraction),
  })
  const grows = (manifest.needs?.[report.library].cacheBytesPerToken ?? 0) > 0
  await engine.reload(manifest.id, {
    conv_template: loadedConvTemplate(manifest),
    // A cache that grows with the context is made for what was asked: a person may have chosen less than the model was compiled for.
    ...(grows ? { context_window_size: manifest.contextTokens } : {}),
  })
  const takeGpuError = () => gpuErrors.splice(0)[0] ?? null
  readers.close()
  files.close()
  await device?.queue.onSubmittedWorkDone()
  const gpuError = takeGpuError()
  const missing = outOfMemory()
  if (missing !== null) throw new InferenceError(outOfMemoryProblem(missing))
  if (gpuError !== null) throw new InferenceError({ code: 'load-failed', detail: gpuError })
  const pipeline = pipelineOf(engine, manifest.id)
  const { tokenizer } = pipeline
  return {
    engine,
    pipeline,
    tokenizer,
    textOf: tokenTexts(tokenizer),
    specials: await readSpecials(model, files),
    takeGpuError,
    memoryBytes: () => memoryBytes(),
  }
}

/** Hands out the device that web-llm makes from this adapter. */
function watchDevice(adapter: GPUAdapter, made: (device: GPUDevice) => void): void {
  const request = adapter.requestDevice.bind(adapter)
  Object.defineProperty(adapter, 'requestDevice', {
    value: async (descriptor?: GPUDeviceDescriptor) => {
      const device = await request(descriptor)
      made(device)
      return device
    },
  })
}

async function readSpecials(model: InstalledModel, modelFiles: ModelFiles): Promise<readonly string[]> {
  const { files, prompt } = model.manifest
  if (!files.some((file) => file.name === 'tokenizer.json')) return []
  const turn = (role: 'user' | 'assistant') => ({ role, text: '' })
  const wrapping =
    prompt.kind === 'completion' ? [] : renderTurns(prompt, [turn('user'), turn('assistant'), turn('user')])
  const tokenizerJson: unknown = JSON.parse(new TextDecoder().decode(await modelFiles.read('tokenizer.json')))
  return specialTokens(tokenizerJson, wrapping)
}
