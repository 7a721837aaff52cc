// One loaded or loading model: its worker, what the worker tells, and how both end.
import type { InstalledModel } from '../../shared/model.ts'
import type { LoadWatcher } from './engine.ts'
import { InferenceError } from './inferenceError.ts'
import type { AdapterReport, Problem, WorkerEvent, WorkerRequest } from './protocol.ts'

/** What the engine needs of a Worker. */
export interface WorkerPort {
  onmessage: ((event: MessageEvent<WorkerEvent>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  postMessage(message: WorkerRequest): void
  terminate(): void
}

export interface SessionOwner {
  ready(): void
  /** Its load failed, its worker ended by itself, or its device is gone (`isLost`), and with it those of all others. */
  ended(problem: Problem): void
}

export interface Session {
  readonly model: InstalledModel
  readonly worker: WorkerPort
  /** Resolves when the model can write, rejects with what `fail` was given. */
  readonly ready: Promise<void>
  readonly isReady: boolean
  /** The GPU went away under it. */
  readonly isLost: boolean
  readonly adapter: AdapterReport | null
  /** null until it is ready. */
  readonly loadMs: number | null
  /** Measured once it is ready. */
  readonly memoryBytes: number
  watcher: LoadWatcher
  /** A new number for a request, whose events go to the listener until it closes; `lost` goes to every one. */
  listen(listener: (event: WorkerEvent) => void): { readonly id: number; close(): void }
  /** Rejects `ready`. */
  fail(reason: unknown): void
  /** Ends what was asked of it and is not answered; the model stays. */
  stopWriting(detail: string): void
  /** Ends the worker; what waits for it fails with the problem. */
  end(problem: Problem): void
}

let nextId = 1

/** Sends the model to a new worker. */
export function openSession(
  worker: WorkerPort,
  model: InstalledModel,
  watcher: LoadWatcher,
  owner: SessionOwner,
): Session {
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
  // Whoever loads awaits it; a session that is ended first has nobody left.
  ready.catch(() => {})
  const startedMs = performance.now()
  const listeners = new Map<number, (event: WorkerEvent) => void>()
  const tellAll = (detail: string) => {
    for (const listener of [...listeners.values()]) listener({ kind: 'lost', detail })
  }
  const session: { -readonly [K in keyof Session]: Session[K] } = {
    model,
    worker,
    ready,
    isReady: false,
    isLost: false,
    adapter: null,
    loadMs: null,
    memoryBytes: 0,
    watcher,
    listen(listener) {
      const id = nextId++
      listeners.set(id, listener)
      return { id, close: () => void listeners.delete(id) }
    },
    fail: reject,
    stopWriting: tellAll,
    end(problem) {
      worker.onmessage = null
      worker.onerror = null
      worker.terminate()
      session.isReady = false
      tellAll('detail' in problem ? problem.detail : problem.code)
      reject(new InferenceError(problem))
    },
  }
  worker.onmessage = ({ data }) => {
    switch (data.kind) {
      case 'adapter':
        session.adapter = data.adapter
        return session.watcher.adapter(data.adapter)
      case 'progress':
        return session.watcher.progress(data.progress)
      case 'ready':
        session.isReady = true
        session.loadMs = performance.now() - startedMs
        session.memoryBytes = data.memoryBytes
        owner.ready()
        return resolve()
      case 'load-failed':
        return owner.ended(data.problem)
      case 'lost':
        session.isLost = true
        return owner.ended({ code: 'device-lost', detail: data.detail })
      case 'done':
        session.memoryBytes = data.memoryBytes
        return listeners.get(data.id)?.(data)
      case 'prompt':
      case 'delta':
      case 'inspected':
      case 'failed':
        return listeners.get(data.id)?.(data)
      default:
        return data satisfies never
    }
  }
  worker.onerror = ({ message }) => {
    const detail = message || 'the inference worker ended'
    owner.ended({ code: session.isReady ? 'device-lost' : 'load-failed', detail })
  }
  worker.postMessage({ kind: 'load', model })
  return session
}
