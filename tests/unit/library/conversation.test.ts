// A conversation with the toy library: failures in the middle of it, checkpoints, and what stays behind after thousands of tokens.
import { beforeEach, describe, expect, test } from 'vitest'
import type { LibraryPlan } from '../../../shared/compiler/library/plan.ts'
import { asObject, type HostObject, type HostValue } from '../../support/hostValues.ts'
import type { LoadedLibrary } from '../../support/loadedLibrary.ts'
import { hidden, toyVocabulary } from '../../support/toyKernels.ts'
import { chunk, loadToy, stepsOf } from '../../support/toyLibrary.ts'

let library: LoadedLibrary
beforeEach(async () => {
  library = await loadToy()
})
const { makeX, end, clear, pass, lastScalars } = stepsOf(() => library)

describe('the host calls back', () => {
  test('a kernel that raises stops its program with the host’s message, and the next call works', () => {
    const { host } = library
    const state = library.createState(100, chunk)
    pass(state, 1)
    const before = host.usage
    host.onLaunch = ({ kernel }) => {
      if (kernel === 'toy_append') throw new Error('device lost')
    }
    library.begin(state, 1)
    const x = makeX(1)
    for (let attempt = 0; attempt < 500; attempt++) {
      expect(() => library.vm('decode', x, state, library.params)).toThrow(/^device lost$/)
    }
    host.release(x)
    host.onLaunch = () => {}
    pass(state, 1)
    expect(host.usage).toEqual(before)
  })

  test('during a launch the host may allocate, call functions and raise errors of its own', () => {
    const { host } = library
    const state = library.createState(100, chunk)
    const softmax = () => {
      const [logits, temperature] = [toyVocabulary, 1].map((size) => host.makeTensor('webgpu', 'float32', [size]))
      const result = library.vm('softmax_with_temperature', logits, temperature)
      for (const object of [logits, temperature, result]) host.release(object)
    }
    pass(state, 2)
    const plain = host.launches.splice(0)
    clear(state)
    host.onLaunch = ({ kernel }) => {
      if (kernel !== 'toy_append' && kernel !== 'toy_logits') return
      const block = host.raw('TVMWasmAllocSpace', 100_000)
      softmax()
      expect(() => host.global('ffi.ArraySize', 1)).toThrow('expected an array')
      host.raw('TVMWasmFreeSpace', block)
    }
    pass(state, 2)
    const outer = host.launches.filter(({ kernel }) => kernel !== 'toy_softmax')
    expect(outer).toEqual(plain)
    expect(host.launches.length).toBe(4)
  })

  test('calls nested without end raise instead of overwriting memory', () => {
    const { host } = library
    library.createState(100, chunk)
    const ids = host.makeTensor('webgpu', 'int32', [1])
    let depth = 0
    host.onLaunch = () => {
      depth++
      library.vm('embed', ids, library.params)
    }
    expect(() => library.vm('embed', ids, library.params)).toThrow('calls into the host nest too deep')
    expect(depth).toBeGreaterThan(20)
    host.onLaunch = () => {}
    host.release(library.vm('embed', ids, library.params))
  })
})

describe('checkpoints', () => {
  test('a conversation goes out and comes back: cache contents and length', () => {
    const { host } = library
    const call = (name: string, ...args: HostValue[]) => host.global(`vm.builtin.attention_kv_cache_${name}`, ...args)
    const state = library.createState(100, chunk)
    const int = (value: number) => ({ int: value })
    pass(state, 10)
    const text = String(call('get_checkpoint_metadata', state, int(0)))
    expect(JSON.parse(text)).toEqual({
      seq_length: 10,
      page_size: 16,
      groups: [{ group_index: 0, layer_begin: 0, layer_end: 1, shape: [112], dtype: 'uint32' }],
    })
    const cacheBuffer = host.launches.find(({ kernel }) => kernel === 'toy_append')?.buffers[1] ?? 0
    const contents = Uint8Array.from({ length: 448 }, (_, index) => index)
    host.buffers.get(cacheBuffer)?.set(contents)
    const saved = host.makeTensor('webgpu', 'uint32', [112])
    call('export_page_group', state, int(0), int(0), saved)
    clear(state)
    host.buffers.get(cacheBuffer)?.fill(0)
    expect(() => call('import_page_group', state, int(0), int(0), saved)).toThrow('called before prepare_import')
    call('prepare_import', state, int(0), text)
    expect(call('get_sequence_length', state, int(0))).toBe(0)
    call('import_page_group', state, int(0), int(0), saved)
    call('finish_import', state, int(0))
    expect(call('get_sequence_length', state, int(0))).toBe(10)
    expect(host.buffers.get(cacheBuffer)?.slice(0, 448)).toEqual(contents)
    pass(state, 1)
    expect(lastScalars('toy_append')).toEqual([1, 10, 112])
    expect(() => call('export_page_group', state, int(0), int(1), saved)).toThrow('expected a group')
    expect(() => call('prepare_import', state, int(0), '{"seq_length":101}')).toThrow('101 tokens does not fit')
    expect(() => call('prepare_import', state, int(0), '{}')).toThrow('does not fit')
  })
})

test('thousands of tokens leave nothing behind: objects, blocks, GPU buffers and memory stay the same', () => {
  const { host } = library
  const state = library.createState(2 ** 20, chunk)
  const token = (penalties: boolean) => {
    const made: HostObject[] = []
    const hold = (value: HostValue) => {
      const object = asObject(value)
      made.push(object)
      return object
    }
    const make = (dtype: string, size: number) => hold(host.makeTensor('webgpu', dtype, [size]))
    const ids = make('int32', 1)
    const embedded = hold(library.vm('embed', ids, library.params))
    const x = hold(host.view(embedded, [1, 1, hidden]))
    library.begin(state, 1)
    const result = hold(library.vm('decode', x, state, library.params))
    end(state)
    const logits = hold(host.global('ffi.ArrayGetItem', result, { int: 0 }))
    if (penalties) {
      library.vm('apply_logit_bias_inplace', logits, make('int32', 20), make('int32', 20), make('float32', 20))
      const counts = [make('int32', 1), make('int32', 50), make('int32', 50), make('int32', 50), make('float32', 3)]
      library.vm('apply_penalty_inplace', logits, ...counts)
      library.vm('apply_bitmask_inplace', logits, make('int32', 1), make('int32', 2))
    }
    const probabilities = hold(
      library.vm('softmax_with_temperature', hold(host.view(logits, [1, 64])), make('float32', 1)),
    )
    const sorted = hold(library.vm('argsort_probs', probabilities))
    const items = [0, 1].map((int) => hold(host.global('ffi.ArrayGetItem', sorted, { int })))
    const rest = [make('float32', 1), make('int32', 1), make('float32', 1)]
    const sampled = hold(library.vm('sample_with_top_p', ...items, ...rest))
    const onCpu = hold(host.makeTensor('cpu', 'int32', [1]))
    host.global('runtime.TVMTensorCopyFromTo', sampled, onCpu)
    host.sync()
    expect(host.global('tvmjs.runtime.TensorCopyToBytes', onCpu)).toHaveLength(4)
    for (const object of made) host.release(object)
    host.launches.length = 0
  }
  token(true)
  token(false)
  const before = { ...host.usage, allocations: host.allocations.length, freed: host.freed }
  for (let index = 0; index < 3000; index++) {
    token(index % 3 === 0)
    if (index % 500 === 499) clear(state)
  }
  expect({ ...host.usage, allocations: host.allocations.length, freed: host.freed }).toEqual(before)
})

test('a released state gives its memory back, and the next one takes it', () => {
  const { host } = library
  const round = () => {
    const state = library.createState(2 ** 20, chunk)
    pass(state, 3)
    host.release(state)
  }
  round()
  const before = host.usage
  for (let index = 0; index < 20; index++) round()
  expect(host.usage).toEqual(before)
  expect([...host.buffers.values()].reduce((sum, { length }) => sum + length, 0)).toBeLessThan(2 ** 16)
})

test('a library whose plan has no result for a call gives nothing back', async () => {
  const bare: LibraryPlan = {
    metadata: { kv_state_kind: 'kv_cache' },
    params: [],
    maximumPositions: 10,
    state: { kind: 'kv_cache' },
    slots: [],
    constants: [],
    programs: [{ name: 'nothing', call: { kind: 'plain' }, launches: [], result: { kind: 'none' } }],
  }
  library = await loadToy(bare, new Map())
  library.createState(1, 1)
  expect(library.vm('nothing')).toBeUndefined()
})
