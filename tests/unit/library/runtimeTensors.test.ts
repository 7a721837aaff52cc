// Tensors of the runtime inside every library: their shapes, views and copies, and the GPU buffers they lie in.
import { beforeEach, describe, expect, test } from 'vitest'
import type { FakeHost } from '../../support/fakeHost.ts'
import { asObject, type HostObject } from '../../support/hostValues.ts'
import { startToy } from '../../support/toyLibrary.ts'

let host: FakeHost
beforeEach(async () => {
  host = await startToy()
})

function floats(...values: number[]): Uint8Array {
  return new Uint8Array(new Float32Array(values).buffer)
}

function toFloats(value: unknown): readonly number[] {
  if (!(value instanceof Uint8Array)) throw new Error('expected bytes')
  return [...new Float32Array(value.slice().buffer)]
}

/** Bytes of a tensor as JavaScript gets them. */
function read(tensor: HostObject): readonly number[] {
  return toFloats(host.global('tvmjs.runtime.TensorCopyToBytes', tensor))
}

describe('tensors', () => {
  test('JavaScript reads shape, dtype, device and address of a tensor', () => {
    const tensor = host.makeTensor('webgpu', 'float16', [2, 3, 4])
    expect(host.tensor(tensor)).toEqual({ data: 1, device: 15, shape: [2, 3, 4], dtype: 'float16', byteOffset: 0 })
    expect(host.allocations).toEqual([64])
  })

  test.each([
    ['int8', 1],
    ['uint32', 4],
    ['float32', 4],
    ['float16', 2],
    ['int64', 8],
  ])('%s takes %i bytes per element', (dtype, bytes) => {
    host.makeTensor('webgpu', dtype, [2 ** 22])
    expect(host.allocations).toEqual([2 ** 22 * bytes])
  })

  test.each(['float', 'float4', 'floaty32', 'bool', '', '32', 'uint3200000000000'])(
    'dtype "%s" is refused',
    (dtype) => {
      expect(() => host.makeTensor('cpu', dtype, [1])).toThrow(`unknown dtype ${dtype}`)
    },
  )

  test('impossible shapes are refused', () => {
    expect(() => host.makeTensor('cpu', 'float32', [-1])).toThrow('negative or too large')
    expect(() => host.makeTensor('cpu', 'float32', [2 ** 30, 2 ** 30])).toThrow('negative or too large')
    expect(() => host.makeTensor('cpu', 'float32', [2 ** 30, 4])).toThrow('no memory for a tensor of 17179869184 bytes')
  })

  test('bytes go in and out of a CPU tensor, only in its own size', () => {
    const tensor = host.makeTensor('cpu', 'float32', [3], floats(1, 2, 3))
    expect(read(tensor)).toEqual([1, 2, 3])
    expect(() => host.global('tvmjs.runtime.TensorCopyFromBytes', tensor, floats(1))).toThrow(
      '4 bytes for a tensor that stores 12',
    )
  })

  test('copies go between all devices, and what comes from the GPU arrives when JavaScript waits', () => {
    const cpu = host.makeTensor('cpu', 'float32', [2], floats(5, 6))
    const [first, second] = [0, 0].map(() => host.makeTensor('webgpu', 'float32', [2]))
    const back = host.makeTensor('cpu', 'float32', [2], floats(0, 0))
    if (first === undefined || second === undefined) throw new Error('unreachable')
    host.global('runtime.TVMTensorCopyFromTo', cpu, first)
    host.global('runtime.TVMTensorCopyFromTo', first, second)
    host.global('runtime.TVMTensorCopyFromTo', second, back)
    expect(read(back)).toEqual([0, 0])
    host.sync()
    expect(read(back)).toEqual([5, 6])
    const other = host.makeTensor('cpu', 'float32', [3])
    expect(() => host.global('runtime.TVMTensorCopyFromTo', cpu, other)).toThrow(
      'cannot copy a tensor of 8 bytes into one of 12',
    )
    expect(() => host.global('runtime.TVMTensorCopyFromTo', first, first)).toThrow('cannot be copied onto itself')
  })

  test('a view keeps its storage, adds offsets and never exceeds its tensor', () => {
    const tensor = host.makeTensor('cpu', 'float32', [4], floats(1, 2, 3, 4))
    const tail = host.view(tensor, [3], 4)
    const last = host.view(tail, [1, 1], 8)
    host.release(tensor)
    host.release(tail)
    expect(read(last)).toEqual([4])
    expect(host.tensor(last)).toMatchObject({ shape: [1, 1], byteOffset: 12 })
    expect(() => host.view(last, [2])).toThrow('a view of 8 bytes at offset 0 exceeds its tensor of 4 bytes')
    expect(() => host.view(last, [1], -4)).toThrow('exceeds its tensor')
    expect(() => host.view(last, [1], 4)).toThrow('exceeds its tensor')
    expect(() => host.view(last, [1], 0, 'float64')).toThrow('a view of 8 bytes')
  })

  test('stored bfloat16 becomes float32, in a copy and in place', () => {
    const values = [1.5, -2, 0, 3.140625]
    const halves = new Uint8Array(
      new Uint16Array(new Float32Array(values).buffer).filter((_, index) => index % 2 === 1).buffer,
    )
    const decoded = host.makeTensor('cpu', 'float32', [4])
    host.global('tvmjs.array.decode_storage', decoded, halves, 'f32-to-bf16', 'float32')
    expect(read(decoded)).toEqual(values)
    const padded = new Uint8Array(16)
    padded.set(halves)
    const inPlace = host.makeTensor('cpu', 'float32', [4], padded)
    host.global('tvmjs.array.decode_bf16_to_f32_inplace', inPlace, { int: 8 })
    expect(read(inPlace)).toEqual(values)
    host.global('tvmjs.array.decode_storage', decoded, floats(1, 2, 3, 4), 'raw', 'float32')
    expect(read(decoded)).toEqual([1, 2, 3, 4])
    expect(() => host.global('tvmjs.array.decode_storage', decoded, halves, 'raw', 'float32')).toThrow('8 bytes')
  })

  test('embeddings join below each other, unless they share a buffer', () => {
    const first = host.makeTensor('webgpu', 'float32', [1, 2], floats(1, 2))
    const second = host.makeTensor('webgpu', 'float32', [2, 2], floats(3, 4, 5, 6))
    const joined = asObject(host.global('tvmjs.runtime.ConcatEmbeddings', first, second))
    const { data, shape } = host.tensor(joined)
    expect(shape).toEqual([3, 2])
    expect(toFloats(host.buffers.get(data)?.slice(0, 24))).toEqual([1, 2, 3, 4, 5, 6])
    expect(() => host.global('tvmjs.runtime.ConcatEmbeddings', first, first)).toThrow('share one buffer')
  })
})

describe('GPU buffers', () => {
  test('buffers of up to 1 MiB are used again, in classes that waste at most a quarter', () => {
    for (const bytes of [4, 65, 129, 300, 1000, 4096, 5000, 100_000, 1_048_576]) {
      const made = host.allocations.length
      host.release(host.makeTensor('webgpu', 'uint8', [bytes]))
      const size = host.allocations.at(-1) ?? 0
      host.release(host.makeTensor('webgpu', 'uint8', [bytes]))
      expect(host.allocations.length).toBe(made + 1)
      expect(size).toBeGreaterThanOrEqual(bytes)
      expect(size).toBeLessThanOrEqual(Math.max(bytes + 63, bytes * 1.25))
    }
    expect(host.freed).toBe(0)
    expect(host.usage.pooled).toBe(host.allocations.length)
  })

  test('larger ones have their size and are destroyed with their tensor', () => {
    host.release(host.makeTensor('webgpu', 'uint8', [1_048_580]))
    expect([host.allocations, host.freed, host.usage.gpuBuffers]).toEqual([[1_048_592], 1, 0])
  })

  test('sizes beyond 2^31 reach JavaScript as they are', () => {
    host.makeTensor('webgpu', 'float32', [2 ** 30 + 4])
    expect(host.allocations).toEqual([2 ** 32 + 16])
  })

  test('an allocation the device refuses raises its message and leaves nothing behind', () => {
    const warm = host.makeTensor('webgpu', 'uint8', [4])
    host.release(warm)
    const before = host.usage
    host.memoryBytes = 100
    expect(() => host.makeTensor('webgpu', 'uint8', [4096])).toThrow('GPU out of memory')
    host.memoryBytes = 2 ** 31
    const tensor = host.makeTensor('webgpu', 'uint8', [4096])
    host.release(tensor)
    expect(host.usage).toMatchObject({ objects: before.objects, hostFunctions: before.hostFunctions })
  })
})
