// Load time, prefill and decode speed of a model in unmodified web-llm, and the bandwidth of a copy kernel on the same adapter. Runs in a page of the
// browser host.

import { describeAdapter } from '../../renderer/inference/adapter.ts'
import { assembleKernel, foldGrid } from '../../shared/compiler/kernels/kernel.ts'
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

/** The best of five: bytes read plus bytes written, over 64 MiB. */
async function copyBandwidth(): Promise<number> {
  const device = await requestTestDevice()
  if (device === null) throw new Error('no WebGPU adapter')
  const bytes = 32 * 2 ** 20
  const kernel = assembleKernel({
    name: 'copy',
    mathematics: 'out[i] = x[i]',
    bindings: [
      { name: 'x', type: 'array<vec4<f32>>', access: 'read' },
      { name: 'out', type: 'array<vec4<f32>>', access: 'read_write' },
    ],
    scalars: [],
    workgroupSize: [64],
    body: 'let i = group_x * 64u + local_index;\nout[i] = x[i];',
  })
  const module = device.createShaderModule({ code: kernel.wgsl })
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'copy' } })
  const buffers = [0, 1].map(() => device.createBuffer({ size: bytes, usage: GPUBufferUsage.STORAGE }))
  const uniform = device.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST })
  const groups = bytes / 16 / 64
  device.queue.writeBuffer(uniform, 0, new Uint32Array([groups]))
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [...buffers, uniform].map((buffer, binding) => ({ binding, resource: { buffer } })),
  })
  const [x, z] = foldGrid(groups)
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 6; round++) {
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, group)
    for (let repeat = 0; repeat < 4; repeat++) pass.dispatchWorkgroups(x, 1, z)
    pass.end()
    const commands = encoder.finish()
    const ms = await timed(() => {
      device.queue.submit([commands])
      return device.queue.onSubmittedWorkDone()
    })
    if (round > 0) best = Math.min(best, ms)
  }
  device.destroy()
  return (4 * 2 * bytes) / (best / 1000)
}
