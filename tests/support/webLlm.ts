// Unmodified web-llm on a model held in memory: its `caches` are replaced by one that answers from a map, so nothing is fetched or stored. Works in
// Chromium and, through Dawn (npm `webgpu`), in Node.
import type { ChatOptions, LogitProcessor, MLCEngine, ModelRecord } from '@mlc-ai/web-llm'

export interface InMemoryModel {
  /** The model folder: mlc-chat-config.json, tensor-cache.json, shards, tokenizer. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** The model library. */
  readonly library: Uint8Array
  /** Default `model`. */
  readonly id?: string
  /** Changes to mlc-chat-config.json for this load. */
  readonly options?: ChatOptions
  /** Sees the float32 logits of every sampled position. */
  readonly logitProcessor?: LogitProcessor
  /** More fields of the model record, for example `required_features`. */
  readonly record?: Partial<ModelRecord>
}

const origin = 'https://models.hearth.invalid'
const served = new Map<string, Uint8Array>()

/** A LogitProcessor that changes nothing and keeps the logits of every sampled position, in order. */
export function recordLogits(): { readonly processor: LogitProcessor; readonly logits: Float32Array[] } {
  const logits: Float32Array[] = []
  const processor: LogitProcessor = {
    processLogits: (values) => {
      logits.push(values.slice())
      return values
    },
    processSampledToken: () => {},
    resetState: () => {},
  }
  return { processor, logits }
}

/** Makes an engine and loads the model. Throws what web-llm throws, with WebGPU errors of the load appended. */
export async function loadEngine(model: InMemoryModel): Promise<MLCEngine> {
  await installWebGpu()
  await installNodeNames()
  installCaches()
  const id = model.id ?? 'model'
  const folder = `${origin}/${id}/resolve/main/`
  const library = `${origin}/${id}/library.wasm`
  serve(folder, library, model)
  const { MLCEngine } = await importWebLlm()
  const processors = model.logitProcessor === undefined ? [] : [[id, model.logitProcessor] as const]
  const engine = new MLCEngine({
    appConfig: {
      model_list: [{ model: folder, model_id: id, model_lib: library, ...model.record }],
      cacheBackend: 'cache',
    },
    logitProcessorRegistry: new Map(processors),
    logLevel: 'WARN',
  })
  await engine.reload(id, model.options)
  return engine
}

function serve(folder: string, library: string, model: InMemoryModel): void {
  for (const url of [...served.keys()].filter((url) => url.startsWith(folder))) served.delete(url)
  for (const [name, bytes] of model.files) served.set(`${folder}${name}`, bytes)
  served.set(library, model.library)
}

/** The real package, loaded after `caches` and `navigator.gpu` are in place. */
async function importWebLlm(): Promise<typeof import('@mlc-ai/web-llm')> {
  return await import('@mlc-ai/web-llm')
}

/** A cache that has every served file and no other: an unknown one is an error, never a download. */
function installCaches(): void {
  const urlOf = (request: string | Request) => (typeof request === 'string' ? request : request.url)
  const cache = {
    match: async (request: string | Request) => {
      const bytes = served.get(urlOf(request))
      if (bytes === undefined) return undefined
      return {
        json: async (): Promise<unknown> => JSON.parse(new TextDecoder().decode(bytes)),
        arrayBuffer: async () => new Uint8Array(bytes).buffer,
      }
    },
    add: async (request: string | Request) => {
      throw new Error(`not part of the model: ${urlOf(request)}`)
    },
    keys: async () => [...served.keys()].map((url) => ({ url })),
    delete: async () => false,
  }
  Object.defineProperty(globalThis, 'caches', { value: { open: async () => cache }, configurable: true })
}

/** Node has no WebGPU of its own: Dawn becomes `navigator.gpu`. Kept for ever, its devices die with it. */
async function installWebGpu(): Promise<void> {
  if (navigator.gpu !== undefined) return
  const name = 'webgpu'
  const dawn = (await import(/* @vite-ignore */ name)) as { create: (flags: string[]) => GPU; globals: object }
  Object.assign(globalThis, dawn.globals)
  Object.defineProperty(navigator, 'gpu', { value: dawn.create([]), configurable: true })
}

/** The page's address and, because Emscripten's glue inside web-llm takes its Node branch, the names of CommonJS that the branch expects. */
async function installNodeNames(): Promise<void> {
  if (typeof location !== 'undefined') return
  const name = 'node:module'
  const { createRequire } = (await import(/* @vite-ignore */ name)) as typeof import('node:module')
  Object.assign(globalThis, {
    location: { origin, href: 'file:///' },
    __dirname: '/',
    createRequire: () => createRequire(import.meta.url),
  })
}
