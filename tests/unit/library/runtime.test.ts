// The runtime inside every library: which functions JavaScript finds, what the module tells of itself, errors and the heap.
import { beforeEach, describe, expect, test } from 'vitest'
import { FakeHost, objectTypes } from '../../support/fakeHost.ts'
import { asObject } from '../../support/hostValues.ts'
import { readRuntime } from '../../support/runtime.ts'
import { startToy } from '../../support/toyLibrary.ts'
import { toyModel } from '../../support/toyModel.ts'

let host: FakeHost
beforeEach(async () => {
  host = await startToy()
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
