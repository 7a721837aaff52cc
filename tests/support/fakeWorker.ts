// A worker as a plain object: what the page posted, and a way to answer. For tests of the page's side of inference.
import { createEngine, type LoadWatcher } from '../../renderer/inference/engine.ts'
import type { AdapterReport, WorkerEvent, WorkerRequest } from '../../renderer/inference/protocol.ts'
import type { WorkerPort } from '../../renderer/inference/session.ts'
import type { ModelMeasurement } from '../../shared/hardware.ts'
import type { InstalledModel } from '../../shared/model.ts'
import { installed } from './models.ts'

export interface FakeWorker extends WorkerPort {
  readonly posted: WorkerRequest[]
  terminated: boolean
  emit(event: WorkerEvent): void
  crash(message: string): void
}

export function fakeWorker(): FakeWorker {
  const worker: FakeWorker = {
    onmessage: null,
    onerror: null,
    posted: [],
    terminated: false,
    postMessage: (message) => void worker.posted.push(message),
    terminate: () => {
      worker.terminated = true
    },
    emit: (data) => worker.onmessage?.({ data } as MessageEvent<WorkerEvent>),
    crash: (message) => worker.onerror?.({ message } as ErrorEvent),
  }
  return worker
}

/** An engine over fake workers, each of them kept in the order of their start, with a clock that stands still. */
export function engineOnFakes(budgetBytes = Number.POSITIVE_INFINITY) {
  const workers: FakeWorker[] = []
  const measurements: ModelMeasurement[] = []
  const engine = createEngine({
    startWorker: () => {
      const worker = fakeWorker()
      workers.push(worker)
      return worker
    },
    budgetBytes: () => budgetBytes,
    measured: (measurement) => measurements.push(measurement),
    nowMs: () => 1_000_000,
  })
  const current = (): FakeWorker => {
    const worker = workers.at(-1)
    if (worker === undefined) throw new Error('no worker was started')
    return worker
  }
  return { engine, workers, measurements, current }
}

export const fakeAdapter: AdapterReport = {
  name: 'test adapter',
  software: false,
  halfPrecision: true,
  library: 'half',
}

/** Of whom nothing is wanted. */
export function stillWatcher(): LoadWatcher {
  return { adapter: () => {}, progress: () => {}, lost: () => {} }
}

/** A model that takes as many bytes as its manifest says. */
export function sizedModel(letter: string, sizeBytes: number): InstalledModel {
  const { manifest } = installed('base')
  return {
    key: letter.repeat(64),
    bundled: false,
    manifest: {
      ...manifest,
      id: `test/${letter}`,
      memory: { weightsBytes: sizeBytes, cacheBytes: 0, workingBytes: 0 },
    },
  }
}

/** Loads to the end; the memory measured is what the manifest says unless told otherwise. The worker that was started, null where none was. */
export async function loadOnFakes(
  { engine, workers, current }: ReturnType<typeof engineOnFakes>,
  model: InstalledModel,
  measuredBytes: number = model.manifest.memory.weightsBytes,
): Promise<FakeWorker | null> {
  const before = workers.length
  const loading = engine.load(model, stillWatcher(), new AbortController().signal)
  if (workers.length > before) {
    current().emit({ kind: 'adapter', adapter: fakeAdapter })
    current().emit({ kind: 'ready', memoryBytes: measuredBytes })
  }
  await loading
  return workers.length > before ? current() : null
}
