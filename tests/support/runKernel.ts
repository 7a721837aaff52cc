// Launches one kernel the way tvmjs does: whole storage buffers at bindings 0..n-1, then a uniform with the scalars and packGridDimX, the grid folded.
import { foldGrid, type Kernel } from '../../shared/compiler/kernels/kernel.ts'

export interface KernelRun {
  /** Contents per binding, in order; a number allocates that many zero bytes. Read-only inputs are uploaded too. */
  readonly buffers: readonly (ArrayBufferView | number)[]
  readonly scalars: readonly number[]
  readonly grid: readonly [x: number, y?: number]
}

/** Runs the kernel once and returns the bytes of every read_write buffer, by binding name. Throws on any WebGPU error. */
export async function runKernel(
  device: GPUDevice,
  kernel: Kernel,
  run: KernelRun,
): Promise<Record<string, ArrayBuffer>> {
  if (run.buffers.length !== kernel.bindings.length) {
    throw new Error(`${kernel.name}: ${run.buffers.length} buffers for ${kernel.bindings.length} bindings`)
  }
  if (run.scalars.length !== kernel.scalars.length) {
    throw new Error(`${kernel.name}: ${run.scalars.length} scalars for ${kernel.scalars.length}`)
  }
  device.pushErrorScope('validation')
  device.pushErrorScope('out-of-memory')
  const { layout, pipeline } = await compiledKernel(device, kernel)
  const storage = run.buffers.map((content) => upload(device, content))
  const [x, z] = foldGrid(run.grid[0])
  const uniform = device.createBuffer({
    size: Math.max(16, (run.scalars.length + 1) * 4),
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  })
  device.queue.writeBuffer(uniform, 0, new Uint32Array([...run.scalars, run.grid[0]]))
  const group = device.createBindGroup({
    layout,
    entries: [...storage, uniform].map((buffer, binding) => ({ binding, resource: { buffer } })),
  })
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setPipeline(pipeline)
  pass.setBindGroup(0, group)
  pass.dispatchWorkgroups(x, run.grid[1] ?? 1, z)
  pass.end()
  const readBacks = kernel.bindings.flatMap((binding, index) => {
    const buffer = storage[index]
    if (binding.access === 'read' || buffer === undefined) return []
    const copy = device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
    encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size)
    return [{ name: binding.name, copy }]
  })
  device.queue.submit([encoder.finish()])
  const result: Record<string, ArrayBuffer> = {}
  for (const { name, copy } of readBacks) {
    await copy.mapAsync(GPUMapMode.READ)
    result[name] = copy.getMappedRange().slice(0)
    copy.destroy()
  }
  for (const buffer of [...storage, uniform]) buffer.destroy()
  const errors = [await device.popErrorScope(), await device.popErrorScope()].filter((error) => error !== null)
  if (errors.length > 0) throw new Error(`${kernel.name}: ${errors.map((error) => error.message).join('\n')}`)
  return result
}

/** The first numbers of a buffer that the kernel wrote. */
export function floats(buffer: ArrayBuffer | undefined, length: number): Float32Array {
  return new Float32Array(buffer as ArrayBuffer, 0, length)
}

export function words(buffer: ArrayBuffer | undefined, length: number): Uint32Array {
  return new Uint32Array(buffer as ArrayBuffer, 0, length)
}

interface CompiledKernel {
  readonly layout: GPUBindGroupLayout
  readonly pipeline: GPUComputePipeline
}

/** Compiling is most of a test's time on software adapters: a kernel is compiled once per device. */
const compiled = new WeakMap<GPUDevice, Map<string, Promise<CompiledKernel>>>()

export function compiledKernel(device: GPUDevice, kernel: Kernel): Promise<CompiledKernel> {
  const ofDevice = compiled.get(device) ?? new Map<string, Promise<CompiledKernel>>()
  compiled.set(device, ofDevice)
  const found = ofDevice.get(kernel.wgsl) ?? compileKernel(device, kernel)
  ofDevice.set(kernel.wgsl, found)
  return found
}

async function compileKernel(device: GPUDevice, kernel: Kernel): Promise<CompiledKernel> {
  const module = device.createShaderModule({ code: kernel.wgsl })
  const problems = (await module.getCompilationInfo()).messages.filter((message) => message.type === 'error')
  if (problems.length > 0) {
    throw new Error(
      `${kernel.name}: ${problems.map((m) => `${m.lineNum}:${m.linePos} ${m.message}`).join('\n')}\n${kernel.wgsl}`,
    )
  }
  const layout = device.createBindGroupLayout({
    entries: [
      ...kernel.bindings.map((binding, index) => ({
        binding: index,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type: binding.access === 'read' ? ('read-only-storage' as const) : ('storage' as const) },
      })),
      { binding: kernel.bindings.length, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform' as const } },
    ],
  })
  const pipeline = await device.createComputePipelineAsync({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: kernel.name },
  })
  return { layout, pipeline }
}

function upload(device: GPUDevice, content: ArrayBufferView | number): GPUBuffer {
  const bytes = typeof content === 'number' ? content : content.byteLength
  const size = Math.max(64, Math.ceil(bytes / 4) * 4)
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  const buffer = device.createBuffer({ size, usage, mappedAtCreation: true })
  if (typeof content !== 'number') {
    new Uint8Array(buffer.getMappedRange()).set(new Uint8Array(content.buffer, content.byteOffset, content.byteLength))
  }
  buffer.unmap()
  return buffer
}
