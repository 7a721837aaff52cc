// The worker that measures the adapter once and is then ended: the page does not wait for the GPU. It starts by itself.
import type { AdapterProbe } from '../../../shared/hardware.ts'
import { requestAdapterPatiently } from '../adapter.ts'
import { InferenceError, problemOf } from '../inferenceError.ts'
import type { Problem } from '../protocol.ts'
import { probeAdapter } from './probeAdapter.ts'

/** Worker to page, once. */
export type ProbeEvent =
  | { readonly kind: 'probe'; readonly probe: AdapterProbe }
  | { readonly kind: 'failed'; readonly problem: Problem }

async function probe(): Promise<ProbeEvent> {
  try {
    const gpu: GPU | undefined = navigator.gpu
    if (gpu === undefined) throw new InferenceError({ code: 'no-webgpu', detail: 'navigator.gpu is missing' })
    const adapter = await requestAdapterPatiently(
      (forceFallbackAdapter) => gpu.requestAdapter({ powerPreference: 'high-performance', forceFallbackAdapter }),
      (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
    )
    if (adapter === null)
      throw new InferenceError({ code: 'no-adapter', detail: 'requestAdapter() answered null every time' })
    return { kind: 'probe', probe: await probeAdapter(adapter, new AbortController().signal) }
  } catch (error) {
    return { kind: 'failed', problem: problemOf(error, 'load-failed') }
  }
}

void probe().then((event) => self.postMessage(event))
