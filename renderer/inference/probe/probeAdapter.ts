// What an adapter is and how fast it is, from one short run on a device of its own: bytes moved per second, which bounds how fast a model writes, and
// arithmetic per second, which bounds how fast it reads a prompt.
import type { AdapterProbe } from '../../../shared/hardware.ts'
import { describeAdapter } from '../adapter.ts'
import { countFor, type Dispatches, prepareDispatches } from './dispatches.ts'
import { copyWork, multiplyAddFlops, multiplyAddWork } from './kernels.ts'

/** Sizes of one dispatch. A graphics card needs more than its caches hold; a processor would take seconds for as much. */
const sizes = {
  hardware: { copyBytes: 2 ** 27, workgroups: 4096, iterations: 256 },
  software: { copyBytes: 2 ** 25, workgroups: 64, iterations: 64 },
} as const

/** Length of one submission, how many of them, and the time after which no further one is begun. */
const submissionMs = 50
const submissions = 7
const limitMs = 900
const mostDispatches = 500

/** Takes about a second on a graphics card and at most a few in software. Rejects with what WebGPU reports; nothing stays allocated. */
export async function probeAdapter(adapter: GPUAdapter, signal: AbortSignal): Promise<AdapterProbe> {
  const { info, limits, features } = adapter
  const { name, software, halfPrecision } = describeAdapter(adapter)
  const size = software ? sizes.software : sizes.hardware
  const device = await adapter.requestDevice()
  try {
    device.pushErrorScope('out-of-memory')
    device.pushErrorScope('validation')
    const copyMs = await medianTime(device, copyWork(size.copyBytes), signal)
    const multiplyAddMs = await medianTime(device, multiplyAddWork(size.workgroups, size.iterations), signal)
    const errors = [await device.popErrorScope(), await device.popErrorScope()]
    const error = errors.find((found) => found !== null)
    if (error) throw new Error(error.message)
    return {
      adapter: {
        name: name.slice(0, 300),
        vendor: info.vendor.slice(0, 300),
        architecture: info.architecture.slice(0, 300),
        isSoftware: software,
        hasHalfPrecision: halfPrecision,
        hasSubgroups: features.has('subgroups'),
        maximumBufferBytes: limits.maxBufferSize,
        maximumBindingBytes: limits.maxStorageBufferBindingSize,
        maximumWorkgroupInvocations: limits.maxComputeInvocationsPerWorkgroup,
      },
      bandwidthBytesPerSecond: (2 * size.copyBytes * 1000) / copyMs,
      computeFlopsPerSecond: (multiplyAddFlops(size.workgroups, size.iterations) * 1000) / multiplyAddMs,
      measuredAtMs: Date.now(),
    }
  } finally {
    device.destroy()
  }
}

/** Milliseconds per dispatch. */
async function medianTime(
  device: GPUDevice,
  work: Parameters<typeof prepareDispatches>[1],
  signal: AbortSignal,
): Promise<number> {
  signal.throwIfAborted()
  using dispatches = await prepareDispatches(device, work)
  const count = await countFor(dispatches, submissionMs, mostDispatches)
  return median(await timesOf(dispatches, count, signal)) / count
}

async function timesOf(dispatches: Dispatches, count: number, signal: AbortSignal): Promise<readonly number[]> {
  const startMs = performance.now()
  const times: number[] = []
  while (times.length < submissions && (times.length === 0 || performance.now() - startMs < limitMs)) {
    signal.throwIfAborted()
    times.push(await dispatches.time(count))
  }
  return times
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error('a median of nothing')
  return middle
}
