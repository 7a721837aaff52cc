// The machine as the fit arithmetic sees it, from the hardware report and the adapter's probe.
import type { LibraryTarget } from '../compiler/kernels/target.ts'
import type { AdapterProbe, HardwareReport } from '../hardware.ts'
import { type SpeedSample, softwareSamples } from './speed.ts'
import type { Machine } from './verdict.ts'

/** web-llm asks for buffers and bindings of 1 GiB and, where the adapter has less, for WebGPU's guaranteed sizes; never for anything between. */
const webLlmLimits = { wantedBytes: 2 ** 30, leastBufferBytes: 2 ** 28, leastBindingBytes: 2 ** 27 } as const

/**
 * Before a probe an adapter with half precision and 1 GiB buffers is taken for granted wherever the system names a graphics adapter, and the software
 * adapter elsewhere. `samples` are of models that ran on this adapter (speed.ts); `memoryBytes` stands in for the budget where the person has set one.
 */
export function machineOf(
  report: HardwareReport,
  probe: AdapterProbe | null = report.probe,
  samples: readonly SpeedSample[] = [],
  memoryBytes: number | null = null,
): Machine {
  const isSoftware = probe?.adapter.isSoftware ?? report.graphics.length === 0
  return {
    target: targetOf(isSoftware, probe),
    memoryBytes: memoryBytes ?? report.budget.memoryBytes,
    largestBufferBytes: probe === null ? webLlmLimits.wantedBytes : largestBufferOf(probe.adapter),
    bandwidthBytesPerSecond: probe?.bandwidthBytesPerSecond ?? null,
    speedSamples: samples.length === 0 && isSoftware ? softwareSamples : samples,
  }
}

function targetOf(isSoftware: boolean, probe: AdapterProbe | null): LibraryTarget {
  if (isSoftware) return 'software'
  return (probe?.adapter.hasHalfPrecision ?? true) ? 'half' : 'portable'
}

function largestBufferOf({ maximumBufferBytes, maximumBindingBytes }: AdapterProbe['adapter']): number {
  const { wantedBytes, leastBufferBytes, leastBindingBytes } = webLlmLimits
  return Math.min(
    maximumBufferBytes >= wantedBytes ? wantedBytes : leastBufferBytes,
    maximumBindingBytes >= wantedBytes ? wantedBytes : leastBindingBytes,
  )
}
