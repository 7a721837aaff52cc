// A WebGPU device for kernel tests: the browser's own in the gpu tier, Dawn for Node (npm `webgpu`) elsewhere.

/** The adapter's device with everything kernels may use, or null when there is no adapter. The first request may be null: ask again. */
export async function requestTestDevice(): Promise<GPUDevice | null> {
  const gpu = await gpuEntry()
  for (let attempt = 0; attempt < 5; attempt++) {
    const adapter = await gpu?.requestAdapter()
    if (!adapter) continue
    const optional: GPUFeatureName[] = ['shader-f16']
    const device = await adapter.requestDevice({
      requiredFeatures: optional.filter((feature) => adapter.features.has(feature)),
      requiredLimits: {
        maxStorageBuffersPerShaderStage: 10,
        maxBufferSize: Math.min(adapter.limits.maxBufferSize, 2 ** 30),
        maxStorageBufferBindingSize: Math.min(adapter.limits.maxStorageBufferBindingSize, 2 ** 30),
        maxComputeWorkgroupStorageSize: Math.min(adapter.limits.maxComputeWorkgroupStorageSize, 32_768),
        maxComputeInvocationsPerWorkgroup: Math.min(adapter.limits.maxComputeInvocationsPerWorkgroup, 1024),
      },
    })
    return device
  }
  return null
}

/** The adapter itself; one that was asked for its device is used up. Rejects where there is none. */
export async function requestTestAdapter(): Promise<GPUAdapter> {
  const gpu = await gpuEntry()
  for (let attempt = 0; attempt < 5; attempt++) {
    const adapter = await gpu?.requestAdapter()
    if (adapter) return adapter
  }
  throw new Error('no WebGPU adapter')
}

async function gpuEntry(): Promise<GPU | undefined> {
  if (typeof navigator !== 'undefined' && 'gpu' in navigator && navigator.gpu !== undefined) return navigator.gpu
  if (!('process' in globalThis)) return undefined
  const name = 'webgpu'
  const dawn = (await import(/* @vite-ignore */ name)) as { create: (flags: string[]) => GPU; globals: object }
  Object.assign(globalThis, dawn.globals)
  nodeGpu ??= dawn.create([])
  return nodeGpu
}

/** Dawn's instance must outlive its devices: when it is collected the process dies. */
let nodeGpu: GPU | undefined
