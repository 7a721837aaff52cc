// How much memory a device's buffers take. WebGPU does not tell, so every buffer is counted when it is made and when it is destroyed.

/** Counts from now on; the answer is in bytes. Buffers that are only garbage-collected count on: web-llm destroys what it made. */
export function countBuffers(device: Pick<GPUDevice, 'createBuffer'>): () => number {
  let heldBytes = 0
  const createBuffer = device.createBuffer.bind(device)
  Object.defineProperty(device, 'createBuffer', {
    value: (descriptor: GPUBufferDescriptor) => {
      const buffer = createBuffer(descriptor)
      const destroy = buffer.destroy.bind(buffer)
      let held = true
      heldBytes += descriptor.size
      Object.defineProperty(buffer, 'destroy', {
        value: () => {
          if (held) heldBytes -= descriptor.size
          held = false
          return destroy()
        },
      })
      return buffer
    },
  })
  return () => heldBytes
}
