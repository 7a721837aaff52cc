// This computer: what main reports, what the adapter was measured to do, and when it is measured. A measurement takes a second of the whole adapter, so it
// waits until nothing writes or loads, and gives way when something does.
import { createStore } from 'zustand/vanilla'
import type { AdapterProbe, HardwareReport } from '../../shared/hardware.ts'
import type { Call } from '../ipc.ts'

export interface HardwareState {
  readonly report: HardwareReport | null
  /** Why there is no report, or no newer one. */
  readonly failure: unknown
  readonly measuring: { readonly kind: 'no' | 'running' } | { readonly kind: 'failed'; readonly error: unknown }
}

export interface HardwareParts {
  readonly call: Call
  readonly measure: (signal: AbortSignal) => Promise<AdapterProbe>
}

export function createHardware({ call, measure }: HardwareParts) {
  const store = createStore<HardwareState>()(() => ({ report: null, failure: null, measuring: { kind: 'no' } }))
  let running: AbortController | null = null

  /** Free disk and memory change: the pages that show them ask anew when they open. */
  async function refresh(): Promise<void> {
    try {
      store.setState({ report: await call('hardware.read', undefined), failure: null })
    } catch (error) {
      store.setState({ failure: error })
    }
  }

  async function measureAgain(): Promise<void> {
    if (running !== null) return
    const own = new AbortController()
    running = own
    store.setState({ measuring: { kind: 'running' } })
    try {
      const probe = await measure(own.signal)
      store.setState(({ report }) => ({
        report: report === null ? null : { ...report, probe },
        measuring: { kind: 'no' },
      }))
      await call('hardware.probed', probe)
    } catch (error) {
      store.setState({ measuring: own.signal.aborted ? { kind: 'no' } : { kind: 'failed', error } })
    } finally {
      running = null
    }
  }

  /** The adapter is free, or is needed: measures once where nobody has, and stops where it is in the way. */
  function adapterIsFree(isFree: boolean): void {
    const { report, measuring } = store.getState()
    if (!isFree) running?.abort(new Error('the adapter is needed'))
    else if (report !== null && report.probe === null && measuring.kind === 'no') void measureAgain()
  }

  return { store, start: refresh, refresh, measureAgain, adapterIsFree }
}
