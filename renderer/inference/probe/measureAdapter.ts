// Measures the adapter from the page, in a worker of its own. To be asked for when nothing else uses the GPU: a model that writes meanwhile takes a part of
// both numbers.
import type { AdapterProbe } from '../../../shared/hardware.ts'
import { InferenceError } from '../inferenceError.ts'
import { startProbeWorker } from '../startWorker.ts'
import type { ProbeEvent } from './worker.ts'

/** What is needed of a Worker. */
export interface ProbeWorker {
  onmessage: ((event: MessageEvent<ProbeEvent>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  terminate(): void
}

/** Takes about a second, in software a few. Rejects with InferenceError, or with the signal's reason; the worker ends in any case. */
export async function measureAdapter(
  signal: AbortSignal,
  startWorker: () => ProbeWorker = startProbeWorker,
): Promise<AdapterProbe> {
  signal.throwIfAborted()
  const worker = startWorker()
  const { promise, resolve, reject } = Promise.withResolvers<AdapterProbe>()
  const abort = () => reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  worker.onmessage = ({ data }) => {
    if (data.kind === 'probe') resolve(data.probe)
    else reject(new InferenceError(data.problem))
  }
  worker.onerror = ({ message }) =>
    reject(new InferenceError({ code: 'load-failed', detail: message || 'the worker that measures ended' }))
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', abort)
    worker.terminate()
  }
}
