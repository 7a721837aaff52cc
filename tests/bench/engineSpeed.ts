// Load time, prefill and decode speed of a model in unmodified web-llm, and the bandwidth of a copy kernel on the same adapter. Runs in a page of the
// browser host.

import { describeAdapter } from '../../renderer/inference/adapter.ts'
import { prepareDispatches } from '../../renderer/inference/probe/dispatches.ts'
import { copyWork } from '../../renderer/inference/probe/kernels.ts'
import type { LibraryTarget } from '../../shared/compiler/kernels/target.ts'
import { requestTestDevice } from '../support/device.ts'
import { loadEngine } from '../support/webLlm.ts'

export interface SpeedJob {
  readonly files: readonly string[]
  /** File of the library for each kind of adapter; the adapter decides. */
  readonly libraries: Readonly<Record<LibraryTarget, string>>
  readonly vocabularySize: number
  readonly promptTokens: number
  readonly decodeTokens: number
}

export interface EngineSpeed {
  readonly adapter: string
  /** The library that was run: what the app gives this adapter. */
  readonly target: LibraryTarget
  readonly loadMs: number
  readonly prefillTokensPerSecond: number
  readonly decodeTokensPerSecond: number
  /** Bytes read and written per second by a copy kernel. */
  readonly copyBytesPerSecond: number
}

export async function measureSpeed(job: SpeedJob): Promise<EngineSpeed> {
  const copyBytesPerSecond = await copyBandwidth()
  const adapter = await navigator.gpu.requestAdapter()
  if (adapter === null) throw new Error('no WebGPU adapter')
  const { name, library: target } = describeAdapter(adapter)
  const file = job.libraries[target]
  const files = new Map<string, Uint8Array>()
  for (const name of [...job.files, file]) {
    const response = await fetch(`/files/${encodeURIComponent(name)}`)
    if (!response.ok) throw new Error(`${name}: ${response.status}`)
    files.set(name, new Uint8Array(await response.arrayBuffer()))
  }
  const library = files.get(file)
  if (library === undefined) throw new Error(`${file} is not part of the model`)
  const start = performance.now()
  const engine = await loadEngine({ files, library })
  const loadMs = performance.now() - start
  const prompt = Array.from({ length: job.promptTokens }, (_, index) => 3 + (index % (job.vocabularySize - 3)))
  // Once unmeasured: the first dispatch of a pipeline may still compile.
  await engine.forwardTokensAndSample(prompt, true)
  await engine.forwardTokensAndSample([3], false)
  await engine.resetChat()
  const prefillMs = await timed(() => engine.forwardTokensAndSample(prompt, true))
  const decodeMs = await timed(async () => {
    let id = 3
    for (let step = 0; step < job.decodeTokens; step++) id = await engine.forwardTokensAndSample([id], false)
  })
  await engine.unload()
  return {
    adapter: name,
    target,
    loadMs,
    prefillTokensPerSecond: job.promptTokens / (prefillMs / 1000),
    decodeTokensPerSecond: job.decodeTokens / (decodeMs / 1000),
    copyBytesPerSecond,
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** The best of five submissions: bytes read plus bytes written. */
async function copyBandwidth(): Promise<number> {
  const device = await requestTestDevice()
  if (device === null) throw new Error('no WebGPU adapter')
  const bytes = 2 ** 25
  const repeats = 4
  const times: number[] = []
  {
    using dispatches = await prepareDispatches(device, copyWork(bytes))
    await dispatches.time(repeats)
    while (times.length < 5) times.push(await dispatches.time(repeats))
  }
  device.destroy()
  return (repeats * 2 * bytes) / (Math.min(...times) / 1000)
}
