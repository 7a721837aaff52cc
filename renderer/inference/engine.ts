// The page's side of inference: owns the worker, turns its messages into promises and an AsyncIterable, and replaces it when its model is done with.
// A worker is never reused: after a failed load web-llm leaves a half-built device behind, and only ending the worker frees it.
import type { GenerationStats } from '../../shared/ipc.ts'
import type { InstalledModel } from '../../shared/model.ts'
import { InferenceError } from './inferenceError.ts'
import type {
  AdapterReport,
  Finish,
  LoadStep,
  Omitted,
  Problem,
  Prompt,
  Sampling,
  WorkerEvent,
  WorkerRequest,
} from './protocol.ts'

/** What the engine needs of a Worker. */
export interface WorkerPort {
  onmessage: ((event: MessageEvent<WorkerEvent>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  postMessage(message: WorkerRequest): void
  terminate(): void
}

export interface LoadWatcher {
  adapter(adapter: AdapterReport): void
  progress(step: LoadStep, fraction: number): void
  /** The GPU device went away after the model was ready. The engine is empty then. */
  lost(problem: Problem): void
}

export type GenerationEvent =
  | { readonly kind: 'prompt'; readonly promptTokens: number; readonly omitted: Omitted }
  | { readonly kind: 'delta'; readonly text: string }
  | { readonly kind: 'done'; readonly stats: GenerationStats; readonly finish: Finish }

export interface Engine {
  /** Ends what runs, starts a worker and loads the model. Rejects with InferenceError, or with the signal's reason. */
  load(model: InstalledModel, watcher: LoadWatcher, signal: AbortSignal): Promise<void>
  /**
   * Writes. Aborting the signal asks the model to stop: the stream then ends with `done` and finish `stopped`, at most one token later. Leaving the
   * loop stops it too. Throws InferenceError.
   */
  generate(prompt: Prompt, sampling: Sampling, signal: AbortSignal): AsyncGenerator<GenerationEvent, void, void>
  /** Ends the worker and frees the GPU. */
  dispose(): void
}

interface Session {
  readonly worker: WorkerPort
  ready: boolean
  listener: (event: WorkerEvent) => void
}

export function createEngine(startWorker: () => WorkerPort): Engine {
  let session: Session | null = null
  let nextId = 1

  const dispose = (problem: Problem) => {
    const ended = session
    session = null
    if (ended === null) return
    ended.worker.onmessage = null
    ended.worker.onerror = null
    ended.worker.terminate()
    ended.listener({ kind: 'lost', detail: 'detail' in problem ? problem.detail : problem.code })
  }

  const load = async (model: InstalledModel, watcher: LoadWatcher, signal: AbortSignal) => {
    dispose({ code: 'device-lost', detail: 'another model was chosen' })
    signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const worker = startWorker()
    const own: Session = { worker, ready: false, listener: () => {} }
    session = own
    const fail = (problem: Problem) => {
      const wasReady = own.ready
      if (session === own) dispose(problem)
      if (wasReady) watcher.lost(problem)
      else reject(new InferenceError(problem))
    }
    worker.onmessage = ({ data }) => {
      switch (data.kind) {
        case 'adapter':
          return watcher.adapter(data.adapter)
        case 'progress':
          return watcher.progress(data.step, data.fraction)
        case 'ready':
          own.ready = true
          return resolve()
        case 'load-failed':
          return fail(data.problem)
        case 'lost':
          return fail({ code: 'device-lost', detail: data.detail })
        case 'prompt':
        case 'delta':
        case 'done':
        case 'failed':
          return own.listener(data)
        default:
          return data satisfies never
      }
    }
    worker.onerror = ({ message }) => {
      fail({ code: own.ready ? 'device-lost' : 'load-failed', detail: message || 'the inference worker ended' })
    }
    const abort = () => {
      if (session === own) dispose({ code: 'device-lost', detail: 'loading was given up' })
      reject(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    worker.postMessage({ kind: 'load', model })
    await promise.finally(() => signal.removeEventListener('abort', abort))
  }

  async function* generate(prompt: Prompt, sampling: Sampling, signal: AbortSignal) {
    const own = session
    if (own === null || !own.ready) throw new InferenceError({ code: 'write-failed', detail: 'no model is loaded' })
    const id = nextId++
    const queue: WorkerEvent[] = []
    let wake = () => {}
    own.listener = (event) => {
      if ('id' in event && event.id !== id) return
      queue.push(event)
      wake()
    }
    const stop = () => own.worker.postMessage({ kind: 'stop', id })
    own.worker.postMessage({ kind: 'generate', id, prompt, sampling })
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    let finished = false
    try {
      while (!finished) {
        if (queue.length === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
        for (const event of queue.splice(0)) {
          if (event.kind === 'prompt') {
            yield { kind: 'prompt' as const, promptTokens: event.promptTokens, omitted: event.omitted }
          } else if (event.kind === 'delta') yield { kind: 'delta' as const, text: event.text }
          else if (event.kind === 'done') {
            finished = true
            yield { kind: 'done' as const, stats: event.stats, finish: event.finish }
          } else if (event.kind === 'failed') {
            finished = true
            throw new InferenceError(event.problem)
          } else if (event.kind === 'lost') {
            finished = true
            throw new InferenceError({ code: 'device-lost', detail: event.detail })
          }
        }
      }
    } finally {
      signal.removeEventListener('abort', stop)
      if (!finished) stop()
    }
  }

  return { load, generate, dispose: () => dispose({ code: 'device-lost', detail: 'the engine was closed' }) }
}
