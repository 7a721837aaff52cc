// Counts the bytes of a device's live buffers: what a model really takes, to stand beside what was predicted. WebGPU does not tell, so the device's own
// createBuffer and each buffer's destroy are wrapped. To be called on a device before anything is made on it: loadModel.ts does so where web-llm's device
// is handed out.

export interface DeviceMemory {
  readonly liveBytes: number
  /** The most there ever was. */
  readonly peakBytes: number
  readonly liveBuffers: number
}

/** Returns a function that gives the state of now. Buffers made earlier, and those left to the garbage collector, are not seen. */
export function watchDeviceMemory(device: Pick<GPUDevice, 'createBuffer'>): () => DeviceMemory {
  let state: DeviceMemory = { liveBytes: 0, peakBytes: 0, liveBuffers: 0 }
  const change = (bytes: number, buffers: number) => {
    const liveBytes = state.liveBytes + bytes
    state = { liveBytes, peakBytes: Math.max(state.peakBytes, liveBytes), liveBuffers: state.liveBuffers + buffers }
  }
  const create = device.createBuffer.bind(device)
  Object.defineProperty(device, 'createBuffer', {
    configurable: true,
    value: (descriptor: GPUBufferDescriptor) => {
      const buffer = create(descriptor)
      const { size } = descriptor
      change(size, 1)
      let isLive = true
      const destroy = buffer.destroy.bind(buffer)
      Object.defineProperty(buffer, 'destroy', {
        configurable: true,
        value: () => {
          if (isLive) change(-size, -1)
          isLive = false
          destroy()
        },
      })
      return buffer
    },
  })
  return () => state
}
