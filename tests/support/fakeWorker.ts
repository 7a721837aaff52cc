// A worker as a plain object: what the page posted, and a way to answer. For tests of the page's side of inference.
import { createEngine } from '../../renderer/inference/engine.ts'
import type { WorkerEvent, WorkerRequest } from '../../renderer/inference/protocol.ts'
import type { WorkerPort } from '../../renderer/inference/session.ts'
import type { ModelMeasurement } from '../../shared/hardware.ts'

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
