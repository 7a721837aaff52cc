// The device functions that tvmjs gives a library, on buffers of bytes.
import { type HostFunction, type HostValue, isInt } from './hostValues.ts'

export interface Gpu {
  /** Contents of the live buffers by number. */
  readonly buffers: Map<number, Uint8Array>
  /** Sizes asked for, in order; the buffer number is the index plus 1. */
  readonly allocations: number[]
  freed: number
  /** An allocation beyond it raises. */
  readonly memoryBytes: number
}

/** That of the library. */
export interface Memory {
  readonly bytes: () => ArrayBuffer
  /** A read of the device lands when the host waits for it. */
  readonly later: (read: () => void) => void
}

export function deviceApi(name: string, gpu: Gpu, memory: Memory): HostFunction {
  const number = (value: HostValue) => Number(isInt(value) ? value.int : value)
  const buffer = (value: HostValue) => {
    const bytes = gpu.buffers.get(number(value))
    if (!bytes) throw new Error(`no GPU buffer ${number(value)}`)
    return bytes
  }
  switch (name) {
    case 'deviceAllocDataSpace':
      return (bytes) => {
        const size = Math.max(4, Math.ceil(number(bytes) / 4) * 4)
        const present = [...gpu.buffers.values()].reduce((total, content) => total + content.length, 0)
        if (present + size > gpu.memoryBytes) throw new Error('GPU out of memory')
        const id = gpu.allocations.push(number(bytes))
        // Sizes beyond what a test can hold are booked, not stored.
        gpu.buffers.set(id, new Uint8Array(size > 2 ** 28 ? 0 : size))
        return id
      }
    case 'deviceFreeDataSpace':
      return (id) => {
        buffer(id)
        gpu.buffers.delete(number(id))
        gpu.freed++
        return undefined
      }
    case 'deviceCopyToGPU':
      return (from, to, offset, bytes) => {
        buffer(to).set(new Uint8Array(memory.bytes(), number(from), number(bytes)), number(offset))
        return undefined
      }
    case 'deviceCopyFromGPU':
      return (from, offset, to, bytes) => {
        const content = buffer(from).slice(number(offset), number(offset) + number(bytes))
        memory.later(() => new Uint8Array(memory.bytes()).set(content, number(to)))
        return undefined
      }
    case 'deviceCopyWithinGPU':
      return (from, fromOffset, to, toOffset, bytes) => {
        const [start, length] = [number(fromOffset), number(bytes)]
        if (length % 4 !== 0 || start % 4 !== 0 || from === to) throw new Error('invalid copy')
        buffer(to).set(buffer(from).subarray(start, start + length), number(toOffset))
        return undefined
      }
    default:
      throw new Error(`Unknown DeviceAPI function ${name}`)
  }
}
