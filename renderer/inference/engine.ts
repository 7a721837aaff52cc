// The page's side of inference: which models are loaded, one worker each, within a budget of memory; and what the one in use, or several at once, are asked
// to write.
// A worker is never reused for another model: after a failed load web-llm leaves a half-built device behind, and only ending the worker frees it.
import { loadProblem, memoryOfLoaded } from '../../shared/fit/load.ts'
import type { Machine } from '../../shared/fit/verdict.ts'
import type { ModelMeasurement } from '../../shared/hardware.ts'
import type { InstalledModel } from '../../shared/model.ts'
import { type GenerationEvent, generate } from './generate.ts'
import { InferenceError } from './inferenceError.ts'
import { inspect } from './inspect.ts'
import { openLoaded } from './loaded.ts'
import type {
  AdapterReport,
  InspectedPrompt,
  LibraryKind,
  LoadProgress,
  Problem,
  Prompt,
  Sampling,
} from './protocol.ts'
import { openSession, type Session, type WorkerPort } from './session.ts'

export interface LoadWatcher {
  adapter(adapter: AdapterReport): void
  progress(progress: LoadProgress): void
  /** The GPU device went away after the model was ready. The engine is empty then. */
  lost(problem: Problem): void
}

export interface WarmModel {
  readonly key: string
  readonly memoryBytes: number
}

/** What models take when all of them are loaded, and the memory that there is for that. */
export interface MemoryTogether {
  readonly needBytes: number
  /** Without a limit: Infinity. */
  readonly haveBytes: number
  /** Keys of those that are loaded just so. */
  readonly loaded: readonly string[]
}

export interface Engine {
  /**
   * Makes a model the one that writes: at once when it is still loaded, else in a new worker, for which the models that were used longest ago leave until
   * all fit. Ends what runs, of every model. Rejects with InferenceError, or with the signal's reason; models that are loaded stay so.
   */
  load(model: InstalledModel, watcher: LoadWatcher, signal: AbortSignal): Promise<void>
  /**
   * Writes. Aborting the signal asks the model to stop: the stream then ends with `done` and finish `stopped`, at most one token later. Leaving the
   * loop stops it too. Throws InferenceError.
   */
  generate(prompt: Prompt, sampling: Sampling, signal: AbortSignal): AsyncGenerator<GenerationEvent, void, void>
  /**
   * As `generate`, with a model that is loaded, be it the one in use or not: several write at once, each in its worker. A lost device ends all of them, a
   * worker that ends by itself only its own run. Their speeds are not measured, because they share the GPU.
   */
  generateWith(
    key: string,
    prompt: Prompt,
    sampling: Sampling,
    signal: AbortSignal,
  ): AsyncGenerator<GenerationEvent, void, void>
  /**
   * Whether models can be loaded beside each other, by the arithmetic of `load`: what is loaded is measured, else computed. Where they fit, none of them
   * leaves for another one, provided that those which are loaded already are asked for first and none turns out larger than its manifest says.
   */
  memoryTogether(models: readonly InstalledModel[]): MemoryTogether
  /** The prompt as the model in use would read it beside a reply of `maxTokens`, also while it writes. Throws InferenceError, or the signal's reason. */
  inspect(prompt: Prompt, maxTokens: number, signal: AbortSignal): Promise<InspectedPrompt>
  /** The models that are loaded and ready, the one used last first. */
  warm(): readonly WarmModel[]
  /** Ends one loaded model, for example because it was removed; nothing for a key that is not loaded. */
  release(key: string): void
  /** Ends every worker and frees the GPU. */
  dispose(): void
}

export interface EngineParts {
  readonly startWorker: () => WorkerPort
  /** Memory that loaded models may take together. Asked at each load. */
  readonly budgetBytes: () => number
  /** Gets what was seen after each load and each run; of a run beside which another one wrote, no speed. */
  readonly measured: (measurement: ModelMeasurement) => void
  /** Time of day. */
  readonly nowMs: () => number
}

export function createEngine({ startWorker, budgetBytes, measured, nowMs }: EngineParts): Engine {
  const loaded = openLoaded()
  /** Of the adapter there is; unknown before the first load, and the portable library takes the most. */
  let target: LibraryKind = 'portable'
  /** The model in use: the newest that was asked for, loading or ready. */
  let current: Session | null = null
  /** In progress. */
  const runs = new Set<{ isShared: boolean }>()

  const measure = (session: Session, decodeTokensPerSecond: number | null) => {
    if (session.adapter === null || session.loadMs === null) return
    measured({
      key: session.model.key,
      adapterName: session.adapter.name.slice(0, 300),
      memoryBytes: session.memoryBytes,
      contextTokens: session.model.manifest.contextTokens,
      loadMs: session.loadMs,
      decodeTokensPerSecond,
      measuredAtMs: nowMs(),
    })
  }

  const end = (session: Session, problem: Problem) => {
    loaded.remove(session)
    if (current === session) current = null
    session.end(problem)
  }

  const endAll = (problem: Problem) => {
    for (const session of [...loaded.all(), ...(current === null ? [] : [current])]) end(session, problem)
  }

  /** One worker ended by itself, or with the GPU every one of them. */
  const fail = (session: Session, problem: Problem) => {
    const inUse = current
    const wasReady = inUse?.isReady === true
    if (problem.code === 'device-lost' && session.isLost) endAll(problem)
    else end(session, problem)
    if (inUse !== null && current === null && wasReady) inUse.watcher.lost(problem)
  }

  const load = async (model: InstalledModel, watcher: LoadWatcher, signal: AbortSignal) => {
    if (current !== null && !current.isReady) end(current, gone('another model was chosen'))
    for (const session of loaded.all()) session.stopWriting('another model was chosen')
    current = null
    signal.throwIfAborted()
    const known = loaded.find(model.key)
    if (known !== null && !isLoadedAs(known.model, model)) end(known, gone('it is loaded another way'))
    const warm = loaded.use(model.key)
    if (warm !== null) {
      current = warm
      warm.watcher = watcher
      if (warm.adapter !== null) watcher.adapter(warm.adapter)
      return
    }
    const budget = budgetBytes()
    const machine = { ...anyMachine, target, memoryBytes: budget }
    const problem = loadProblem(model.manifest, machine)
    if (problem !== null) throw new InferenceError(problem)
    const needBytes = memoryOfLoaded(model.manifest, target)
    for (const session of loaded.leaving(budget - needBytes)) end(session, gone('its memory was needed'))
    const session: Session = openSession(startWorker(), model, watcher, {
      ready: () => loaded.add(session),
      ended: (problem) => fail(session, problem),
    })
    current = session
    const abort = () => {
      session.fail(signal.reason)
      end(session, gone('loading was given up'))
    }
    signal.addEventListener('abort', abort, { once: true })
    await session.ready.finally(() => signal.removeEventListener('abort', abort))
    // It may have turned out larger than its manifest says.
    for (const other of loaded.leaving(budget, session)) end(other, gone('its memory was needed'))
    target = session.adapter?.library ?? target
    measure(session, null)
  }

  async function* write(
    session: Session,
    ...request: readonly [Prompt, Sampling, AbortSignal]
  ): AsyncGenerator<GenerationEvent, void, void> {
    const run = { isShared: runs.size > 0 }
    for (const other of runs) other.isShared = true
    runs.add(run)
    try {
      for await (const event of generate(session, ...request)) {
        if (event.kind === 'done') measure(session, run.isShared ? null : event.stats.decodeTokensPerSecond || null)
        yield event
      }
    } finally {
      runs.delete(run)
    }
  }

  const inUse = (): Session => {
    if (current?.isReady) return current
    throw new InferenceError({ code: 'write-failed', detail: 'no model is loaded' })
  }

  const memoryTogether = (models: readonly InstalledModel[]): MemoryTogether => {
    const known = models.flatMap((model) => {
      const session = loaded.find(model.key)
      return session !== null && isLoadedAs(session.model, model) ? [session] : []
    })
    const others = models.filter(({ key }) => known.every(({ model }) => model.key !== key))
    return {
      needBytes:
        sum(known.map(({ memoryBytes }) => memoryBytes)) +
        sum(others.map(({ manifest }) => memoryOfLoaded(manifest, target))),
      haveBytes: budgetBytes(),
      loaded: known.map(({ model }) => model.key),
    }
  }

  return {
    load,
    async *generate(prompt, sampling, signal) {
      yield* write(inUse(), prompt, sampling, signal)
    },
    async *generateWith(key, prompt, sampling, signal) {
      const session = loaded.find(key)
      if (session === null) throw new InferenceError({ code: 'write-failed', detail: 'the model is not loaded' })
      yield* write(session, prompt, sampling, signal)
    },
    memoryTogether,
    inspect: async (prompt, maxTokens, signal) => inspect(inUse(), prompt, maxTokens, signal),
    warm: () => loaded.all().map(({ model, memoryBytes }) => ({ key: model.key, memoryBytes })),
    release: (key) => {
      const session = loaded.find(key)
      if (session !== null) end(session, gone('the model was released'))
    },
    dispose: () => endAll(gone('the engine was closed')),
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** With the same context and the same prompt: a worker is made for both. */
function isLoadedAs({ manifest: known }: InstalledModel, { manifest }: InstalledModel): boolean {
  return (
    known.contextTokens === manifest.contextTokens && JSON.stringify(known.prompt) === JSON.stringify(manifest.prompt)
  )
}

/** What is asked here is whether the memory suffices; the largest buffer is the business of whoever offers models. */
const anyMachine: Pick<Machine, 'largestBufferBytes' | 'bandwidthBytesPerSecond'> = {
  largestBufferBytes: Number.POSITIVE_INFINITY,
  bandwidthBytesPerSecond: null,
}

function gone(detail: string): Problem {
  return { code: 'device-lost', detail }
}
