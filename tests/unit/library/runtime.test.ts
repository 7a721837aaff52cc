import { beforeEach, describe, expect, test } from 'vitest'
import { packLibrary } from '../../../shared/compiler/library/packLibrary.ts'
import { FakeHost, objectTypes } from '../../support/fakeHost.ts'
import { asObject, type HostObject } from '../../support/hostValues.ts'
import { readRuntime } from '../../support/runtime.ts'
import { toyModel } from '../../support/toyModel.ts'

const library = packLibrary(await readRuntime(), toyModel({ seed: 1 }).plan)
let host: FakeHost
beforeEach(async () => {
  host = await FakeHost.start(library)
})

const contextFunctions =
  `ffi.FunctionListGlobalNamesFunctor ffi.ModuleGetFunction ffi.ModuleImportModule runtime.TVMTensorAllocWithScope
  runtime.TVMTensorCopyFromTo tvmjs.runtime.TensorCopyFromBytes tvmjs.runtime.TensorCopyToBytes ffi.ArrayGetItem ffi.ArraySize ffi.Array
  tvmjs.runtime.ArrayConcat ffi.SystemLib vm.builtin.tensor_cache.get vm.builtin.tensor_cache.remove vm.builtin.tensor_cache.update
  vm.builtin.tensor_cache.clear tvmjs.array.decode_storage vm.builtin.param_module_from_cache vm.builtin.param_module_from_cache_by_name
  ffi.Shape runtime.TVMTensorCreateView vm.builtin.sample_top_p_from_logits vm.builtin.sample_top_p_from_prob
  vm.builtin.apply_repetition_penalty vm.builtin.apply_presence_and_frequency_penalty vm.builtin.apply_softmax_with_temperature
  tvmjs.runtime.ConcatEmbeddings`.split(/\s+/)
const stateFunctions = `vm.builtin.kv_state_clear vm.builtin.kv_state_add_sequence vm.builtin.kv_state_remove_sequence
  vm.builtin.kv_state_begin_forward vm.builtin.kv_state_end_forward
  vm.builtin.attention_kv_cache_enable_sliding_window_for_seq`.split(/\s+/)
const checkpointFunctions =
  `get_checkpoint_metadata export_page_group prepare_import import_page_group finish_import get_sequence_length`
    .split(/\s+/)
    .map((name) => `vm.builtin.attention_kv_cache_${name}`)

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

describe('global functions', () => {
  test('the 27 of the run-time context, the 6 of the pipeline and the 6 for checkpoints exist, others do not', () => {
    expect(contextFunctions.length).toBe(27)
    const names = [...contextFunctions, ...stateFunctions, ...checkpointFunctions]
    expect(names.filter((name) => host.findGlobal(name) === undefined)).toEqual([])
    expect(host.findGlobal('tvmjs.array.decode_bf16_to_f32_inplace')).toBeDefined()
    expect(host.findGlobal('ffi.Shap')).toBeUndefined()
    expect(host.findGlobal('')).toBeUndefined()
  })

  test('those web-llm never calls say so by name', () => {
    const unused = contextFunctions.filter((name) => /Functor|ImportModule|_cache$|sample|apply_/.test(name))
    for (const name of unused) expect(() => host.global(name)).toThrow(`${name}: not part of this library`)
  })

  test('type keys have the indices JavaScript has built in', () => {
    const keys = ['ffi.String', 'ffi.Function', 'ffi.Shape', 'ffi.Tensor', 'ffi.Array', 'ffi.Module']
    const indices = keys.map((key) => host.typeIndex(key))
    expect(indices).toEqual([
      65,
      objectTypes.function,
      objectTypes.shape,
      objectTypes.tensor,
      objectTypes.array,
      objectTypes.module,
    ])
  })
})

describe('containers', () => {
  test('an array owns copies of strings and counts objects up', () => {
    const shape = host.shape(1, 2)
    const before = host.usage.objects
    const array = asObject(host.global('ffi.Array', 'one', shape, 3, { int: -4 }, undefined, true))
    host.release(shape)
    expect(host.global('ffi.ArraySize', array)).toBe(6)
    const items = [0, 2, 3, 4, 5].map((index) => host.global('ffi.ArrayGetItem', array, { int: index }))
    expect(items).toEqual(['one', 3, -4, undefined, true])
    expect(() => host.global('ffi.ArrayGetItem', array, { int: 6 })).toThrow('out of range')
    expect(() => host.global('ffi.ArrayGetItem', array, { int: -1 })).toThrow('out of range')
    host.release(array)
    expect(host.usage.objects).toBe(before - 1)
  })

  test('arrays join in order', () => {
    const parts = [['a', 'b'], [], ['c']].map((texts) => asObject(host.global('ffi.Array', ...texts)))
    const joined = asObject(host.global('tvmjs.runtime.ArrayConcat', ...parts))
    for (const part of parts) host.release(part)
    expect([0, 1, 2].map((int) => host.global('ffi.ArrayGetItem', joined, { int }))).toEqual(['a', 'b', 'c'])
    host.release(joined)
  })
})

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

describe('parameters', () => {
  test('the array has the tensors in the order asked for, and a missing one is named', () => {
    const tensors = ['a', 'b'].map((name) => {
      const tensor = host.makeTensor('webgpu', 'float32', [1])
      host.global('vm.builtin.tensor_cache.update', name, tensor, { int: 0 })
      return tensor
    })
    const names = host.global('ffi.Array', 'b', 'a')
    const module = asObject(host.global('vm.builtin.param_module_from_cache_by_name', names))
    const getParams = asObject(host.global('ffi.ModuleGetFunction', module, 'get_params', false))
    const params = asObject(host.call(getParams))
    const order = [0, 1].map((int) => asObject(host.global('ffi.ArrayGetItem', params, { int })).pointer)
    expect(order).toEqual([tensors[1]?.pointer, tensors[0]?.pointer])
    const wrong = host.global('ffi.Array', 'a', 'model.layers.0.c')
    expect(() => host.global('vm.builtin.param_module_from_cache_by_name', wrong)).toThrow(
      'the weights have no parameter model.layers.0.c',
    )
  })

  test('the cache replaces only when told to, removes and clears', () => {
    const before = host.usage.objects
    const [first, second] = [1, 2].map(() => host.makeTensor('webgpu', 'float32', [1]))
    if (first === undefined || second === undefined) throw new Error('unreachable')
    const update = (tensor: HostObject, int: number) =>
      host.global('vm.builtin.tensor_cache.update', 'w', tensor, { int })
    const get = () => {
      const found = host.global('vm.builtin.tensor_cache.get', 'w')
      host.release(found)
      return found === undefined ? undefined : asObject(found).pointer
    }
    expect(get()).toBeUndefined()
    update(first, 0)
    expect(() => update(second, 0)).toThrow('the tensor cache holds w already')
    expect(get()).toBe(first.pointer)
    update(second, 1)
    expect(get()).toBe(second.pointer)
    host.global('vm.builtin.tensor_cache.remove', 'w')
    expect(get()).toBeUndefined()
    for (let index = 0; index < 200; index++)
      host.global('vm.builtin.tensor_cache.update', `p${index}`, first, { int: 0 })
    host.global('vm.builtin.tensor_cache.clear')
    host.release(first)
    host.release(second)
    // The device's allocate function was fetched in between and stays.
    expect(host.usage.objects - before).toBe(1)
    expect(host.usage.pooled).toBe(2)
  })
})

describe('modules', () => {
  test('a name the library does not have gives nothing, a kernel it does not have raises', () => {
    const module = asObject(host.global('ffi.SystemLib'))
    expect(host.global('ffi.ModuleGetFunction', module, 'image_embed', true)).toBeUndefined()
    const shader = asObject(host.global('ffi.ModuleGetFunction', module, 'webgpu.get_shader', true))
    expect(host.call(shader, 'toy_embed')).toContain('fn toy_embed(')
    expect(() => host.call(shader, 'toy_nothing')).toThrow('this library has no kernel toy_nothing')
    const recurrent = asObject(host.global('ffi.ModuleGetFunction', module, 'create_rnn_state', true))
    expect(() => host.call(recurrent)).toThrow('no recurrent state')
  })

  test('metadata is ASCII with everything else escaped', () => {
    const module = asObject(host.global('ffi.SystemLib'))
    const metadata = asObject(host.global('ffi.ModuleGetFunction', module, '_metadata', true))
    const text = String(host.call(metadata))
    expect(text).toMatch(/^[ -~]+$/)
    expect(JSON.parse(text)).toEqual(toyModel({ seed: 1 }).plan.metadata)
  })

  test('a runtime without a plan says so', async () => {
    const bare = await FakeHost.start(await readRuntime())
    expect(() => bare.global('ffi.SystemLib')).toThrow('carries no model library')
  })
})

describe('errors and memory', () => {
  test('an error of JavaScript comes back with its own text, also a very long one', () => {
    const text = `no device: ${'x'.repeat(5000)}`
    host.setGlobal('wasm.WebGPUDeviceAPI', () => {
      throw new Error(text)
    })
    expect(() => host.makeTensor('webgpu', 'float32', [1])).toThrow(text.slice(0, 2048))
  })

  test('a later error does not carry words of an earlier one', () => {
    expect(() => host.makeTensor('cpu', 'float3', [1])).toThrow(/^unknown dtype float3$/)
    expect(() => host.global('ffi.ArraySize', 1)).toThrow(/^ffi.ArraySize: expected an array$/)
  })

  test('blocks are 8-aligned, separate, and used again', () => {
    const sizes = [0, 1, 8, 9, 24, 100, 4000, 70_000]
    const addresses = sizes.map((size) => host.raw('TVMWasmAllocSpace', size))
    expect(addresses.every((address) => address % 8 === 0)).toBe(true)
    const spans = addresses
      .map((address, index) => [address, address + (sizes[index] ?? 0)] as const)
      .sort((a, b) => a[0] - b[0])
    expect(spans.every(([, end], index) => end <= (spans[index + 1]?.[0] ?? end))).toBe(true)
    for (const address of addresses) host.raw('TVMWasmFreeSpace', address)
    expect(sizes.map((size) => host.raw('TVMWasmAllocSpace', size)).sort()).toEqual(addresses.slice().sort())
  })

  test('memory that cannot be had is 0, not a crash', () => {
    expect(host.raw('TVMWasmAllocSpace', 0x7fff_fff8)).toBe(0)
    expect(host.raw('TVMWasmAllocSpace', 0xffff_ffff)).toBe(0)
    expect(host.raw('TVMWasmAllocSpace', 64)).toBeGreaterThan(0)
  })

  test('freeing twice traps instead of corrupting the heap', () => {
    const address = host.raw('TVMWasmAllocSpace', 64)
    host.raw('TVMWasmFreeSpace', address)
    expect(() => host.raw('TVMWasmFreeSpace', address)).toThrow(WebAssembly.RuntimeError)
  })
})
