// Times dispatches of one kernel by when the queue is done: timestamps of WebGPU are rounded to 0.1 ms and not offered everywhere, and a submission long
// enough drowns what submitting costs.
import { foldGrid } from '../../../shared/compiler/kernels/kernel.ts'
import type { Work } from './kernels.ts'

export interface Dispatches extends Disposable {
  /** Milliseconds from submitting so many dispatches until the queue is done. */
  time(count: number): Promise<number>
}

/** Buffers and pipeline for one kernel, bound as tvmjs binds them; disposing frees the buffers. Rejects where WGSL or buffers are refused. */
export async function prepareDispatches(device: GPUDevice, work: Work): Promise<Dispatches> {
  const { kernel, bufferBytes, scalars, grid } = work
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: kernel.wgsl }), entryPoint: kernel.name },
  })
  const storage = bufferBytes.map((bytes) =>
    device.createBuffer({ size: Math.max(64, Math.ceil(bytes / 4) * 4), usage: GPUBufferUsage.STORAGE }),
  )
  const uniform = device.createBuffer({ size: 32, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST })
  device.queue.writeBuffer(uniform, 0, new Uint32Array([...scalars, grid[0]]))
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [...storage, uniform].map((buffer, binding) => ({ binding, resource: { buffer } })),
  })
  const [x, z] = foldGrid(grid[0])
  return {
    async time(count) {
      const encoder = device.createCommandEncoder()
      const pass = encoder.beginComputePass()
      pass.setPipeline(pipeline)
      pass.setBindGroup(0, group)
      for (let i = 0; i < count; i++) pass.dispatchWorkgroups(x, grid[1], z)
      pass.end()
      const commands = encoder.finish()
      const startMs = performance.now()
      device.queue.submit([commands])
      await device.queue.onSubmittedWorkDone()
      return performance.now() - startMs
    },
    [Symbol.dispose]() {
      for (const buffer of [...storage, uniform]) buffer.destroy()
    },
  }
}

/** How often to dispatch so that a submission takes about `wantedMs`, from two that are timed: the first pays for starting. */
export async function countFor(dispatches: Pick<Dispatches, 'time'>, wantedMs: number, most: number): Promise<number> {
  await dispatches.time(1)
  const onceMs = await dispatches.time(1)
  return Math.max(1, Math.min(most, Math.round(wantedMs / Math.max(onceMs, 0.01))))
}
