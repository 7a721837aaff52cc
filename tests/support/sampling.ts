// Softmax and sampling launched as a model library launches them, with pipelines kept so that thousands of draws are quick.
import type { Kernel } from '../../shared/compiler/kernels/kernel.ts'
import type { SoftmaxTemperature } from '../../shared/compiler/kernels/softmax.ts'
import { compiledKernel, runKernel } from './runKernel.ts'

/** Runs the launches of a softmax in order and returns probs. */
export async function runSoftmax(
  device: GPUDevice,
  softmax: SoftmaxTemperature,
  logits: Float32Array<ArrayBuffer>,
  temperature: number,
): Promise<Float32Array<ArrayBuffer>> {
  const buffers = new Map<string, ArrayBufferView | number>([
    ['logits', logits],
    ['temperature', new Float32Array([temperature])],
    ['partial', softmax.partialBytes],
    ['probs', logits.byteLength],
  ])
  for (const { kernel, groups } of softmax.launches) {
    const inputs = kernel.bindings.map(({ name }) => buffers.get(name) as ArrayBufferView | number)
    const outputs = await runKernel(device, kernel, { buffers: inputs, scalars: [], grid: [groups] })
    for (const [name, bytes] of Object.entries(outputs)) buffers.set(name, new Uint8Array(bytes))
  }
  const probs = buffers.get('probs') as Uint8Array<ArrayBuffer>
  return new Float32Array(probs.buffer, 0, logits.length)
}

export interface Draw {
  readonly uniform: number
  readonly topP: number
  readonly position: number
}

/** Draws one token per entry from the same probabilities, in one command buffer; buffers and scalars as the sampling kernel declares them. */
export async function drawTokens(
  device: GPUDevice,
  kernel: Kernel,
  probs: Float32Array<ArrayBuffer>,
  draws: readonly Draw[],
): Promise<Int32Array> {
  const storage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
  const buffer = (data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>, usage: number) => {
    const made = device.createBuffer({ size: Math.max(64, data.byteLength), usage })
    device.queue.writeBuffer(made, 0, data)
    return made
  }
  device.pushErrorScope('validation')
  const { layout, pipeline } = await compiledKernel(device, kernel)
  const probsBuffer = buffer(probs, storage)
  const tokens = device.createBuffer({
    size: draws.length * 4,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  })
  const encoder = device.createCommandEncoder()
  const made = draws.map(({ uniform, topP, position }, index) => {
    const own = {
      random: buffer(new Float32Array([uniform]), storage),
      topP: buffer(new Float32Array([topP]), storage),
      token: device.createBuffer({ size: 64, usage: storage | GPUBufferUsage.COPY_SRC }),
      args: buffer(new Uint32Array([position, 1, 0, 0]), GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST),
    }
    const bound = [probsBuffer, own.random, own.topP, own.token, own.args]
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    pass.setBindGroup(
      0,
      device.createBindGroup({
        layout,
        entries: bound.map((resource, binding) => ({ binding, resource: { buffer: resource } })),
      }),
    )
    pass.dispatchWorkgroups(1)
    pass.end()
    encoder.copyBufferToBuffer(own.token, 0, tokens, index * 4, 4)
    return own
  })
  device.queue.submit([encoder.finish()])
  await tokens.mapAsync(GPUMapMode.READ)
  const result = new Int32Array(tokens.getMappedRange().slice(0))
  for (const own of made) for (const one of Object.values(own)) one.destroy()
  for (const one of [probsBuffer, tokens]) one.destroy()
  const error = await device.popErrorScope()
  if (error !== null) throw new Error(`${kernel.name}: ${error.message}`)
  return result
}
