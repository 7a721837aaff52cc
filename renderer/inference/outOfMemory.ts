// Whether a device ran out of memory. web-llm looks at the error scopes around each of its buffers, destroys the device for any error and tells nobody which
// it was; what it pops is looked at here in passing, and so are errors that nobody caught.

/** Gives what the device said when it had no memory left; null until then. To be called on a device before anything is made on it. */
export function watchOutOfMemory(device: Pick<GPUDevice, 'popErrorScope' | 'addEventListener'>): () => string | null {
  let detail: string | null = null
  const look = (error: GPUError | null) => {
    if (error !== null && isOutOfMemory(error)) detail ??= error.message || 'the graphics device has no memory left'
  }
  const pop = device.popErrorScope.bind(device)
  Object.defineProperty(device, 'popErrorScope', {
    configurable: true,
    value: async () => {
      const error = await pop()
      look(error)
      return error
    },
  })
  device.addEventListener('uncapturederror', ({ error }) => look(error))
  return () => detail
}

/** By name: the class is not there outside of browsers. */
function isOutOfMemory(error: GPUError): boolean {
  return error.constructor.name === 'GPUOutOfMemoryError'
}
