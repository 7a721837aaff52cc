// A conversation with the toy library: the KV state, the VM functions, their errors, and what stays behind after thousands of tokens.
import { beforeEach, describe, expect, test } from 'vitest'
import { packLibrary } from '../../../shared/compiler/library/packLibrary.ts'
import type { LibraryPlan } from '../../../shared/compiler/library/plan.ts'
import { asObject, type HostObject, type HostValue, type LoadedLibrary, loadLibrary } from '../../support/fakeHost.ts'
import { readRuntime } from '../../support/runtime.ts'
import { toyModel, toyVocabulary } from '../../support/toyModel.ts'

const runtime = await readRuntime()
const toy = toyModel({ seed: 1 })
const hidden = 4
const chunk = 16
const table = new Map([['table', new Uint8Array(toy.table.buffer)]])

let library: LoadedLibrary
beforeEach(async () => {
  library = await loadLibrary(packLibrary(runtime, toy.plan), table)
})

function makeX(tokens: number): HostObject {
  return library.host.makeTensor('webgpu', 'float32', [1, tokens, hidden])
}

function end(state: HostObject): void {
  library.host.global('vm.builtin.kv_state_end_forward', state)
}

function clear(state: HostObject): void {
  library.host.global('vm.builtin.kv_state_clear', state)
}

function pass(state: HostObject, tokens: number): void {
  const { host } = library
  library.begin(state, tokens)
  const x = makeX(tokens)
  host.release(library.vm(tokens === 1 ? 'decode' : 'prefill', x, state, library.params))
  host.release(x)
  end(state)
}

/** The scalars of the last launch of a kernel. */
function lastScalars(kernel: string): readonly number[] | undefined {
  return library.host.launches.filter((launch) => launch.kernel === kernel).at(-1)?.scalars
}

describe('the KV state', () => {
  test('follows begin, end and clear: tokens, position, rows', () => {
    const state = library.createState(100, chunk)
    for (const [tokens, position] of [
      [10, 0],
      [1, 10],
      [16, 11],
      [1, 27],
    ] as const) {
      pass(state, tokens)
      expect(lastScalars('toy_append')).toEqual([tokens, position, 112])
      expect(lastScalars('toy_logits')).toEqual([tokens, position + tokens])
    }
    clear(state)
    pass(state, 1)
    expect(lastScalars('toy_append')).toEqual([1, 0, 112])
  })

  test('a pass that failed or was dropped before its end does not count', () => {
    const state = library.createState(100, chunk)
    pass(state, 5)
    library.begin(state, 7)
    library.begin(state, 3)
    end(state)
    pass(state, 1)
    expect(lastScalars('toy_append')).toEqual([1, 8, 112])
  })

  test('a context that is full raises before anything is launched, and takes what still fits', () => {
    const state = library.createState(20, chunk)
    pass(state, 16)
    expect(() => library.begin(state, 5)).toThrow('the context is full: after 16 tokens 5 more exceed 20')
    pass(state, 4)
    expect(() => library.begin(state, 1)).toThrow('the context is full: after 20 tokens 1 more exceed 20')
  })

  test('a sliding window never fills up, until the positions of the plan end', async () => {
    const short = { ...toy.plan, maximumPositions: 1000 }
    library = await loadLibrary(packLibrary(runtime, short), table)
    const state = library.createState(20, chunk, true)
    const enable = 'vm.builtin.attention_kv_cache_enable_sliding_window_for_seq'
    library.host.global(enable, state, { int: 0 }, { int: 20 }, { int: 4 })
    for (let tokens = 0; tokens < 992; tokens += 16) pass(state, 16)
    expect(lastScalars('toy_append')).toEqual([16, 976, 48])
    expect(lastScalars('toy_logits')).toEqual([16, 48])
    expect(() => library.begin(state, 9)).toThrow('the context is full: after 992 tokens 9 more exceed 1000')
    pass(state, 8)
  })

  test('windows that cannot be are refused', () => {
    const fixed = library.createState(100, chunk)
    const enable = (state: HostObject, window: number, sink: number) =>
      library.host.global(
        'vm.builtin.attention_kv_cache_enable_sliding_window_for_seq',
        state,
        { int: 0 },
        { int: window },
        { int: sink },
      )
    expect(() => enable(fixed, 10, 0)).toThrow('created without a sliding window')
    library.host.release(fixed)
    const sliding = library.createState(100, chunk, true)
    for (const [window, sink] of [
      [0, 0],
      [101, 0],
      [10, 10],
      [10, -1],
    ] as const) {
      expect(() => enable(sliding, window, sink)).toThrow('does not fit a cache for 100')
    }
    enable(sliding, 100, 99)
  })

  test('impossible passes, sequences and caches are refused', () => {
    const { host } = library
    expect(() => library.createState(0, chunk)).toThrow('no cache for 0 tokens')
    expect(() => library.createState(2 ** 30, chunk)).toThrow('no cache for 1073741824 tokens')
    const state = library.createState(100, chunk)
    expect(() => library.createState(100, chunk)).toThrow('has a KV cache already')
    expect(() => library.begin(state, 0)).toThrow('a forward pass of 0 tokens; this library takes 1 to 16')
    expect(() => library.begin(state, 17)).toThrow('a forward pass of 17 tokens')
    expect(() => host.global('vm.builtin.kv_state_add_sequence', state, { int: 1 })).toThrow('the only sequence is 0')
    host.global('vm.builtin.kv_state_add_sequence', state, { int: 0 })
    for (const name of ['clear', 'begin_forward', 'end_forward']) {
      expect(() => host.global(`vm.builtin.kv_state_${name}`, library.params)).toThrow('expected a KV state first')
    }
  })

  test('a cache the GPU has no room for leaves nothing behind, and a smaller one fits', () => {
    const { host } = library
    host.release(library.createState(1024, chunk))
    host.memoryBytes = 2 ** 20
    const before = host.usage
    expect(() => library.createState(2 ** 24, chunk)).toThrow('GPU out of memory')
    expect(host.usage.objects).toBe(before.objects)
    host.release(library.createState(1024, chunk))
    expect(host.usage).toMatchObject({ objects: before.objects, hostFunctions: before.hostFunctions })
  })

  test('caches beyond 2^32 bytes get their exact size', async () => {
    const cache = {
      name: 'cache.large',
      sizeBytes: { variable: 'capacity' as const, divide: 1, multiply: 2 ** 20, add: 0 },
    }
    const large: LibraryPlan = { ...toy.plan, slots: [...toy.plan.slots, cache] }
    library = await loadLibrary(packLibrary(runtime, large), table)
    library.createState(8192, chunk)
    expect(library.host.allocations).toContain(2 ** 33)
  })
})

describe('a recurrent state', () => {
  const load = async (state: 'rnn_state' | 'hybrid') => {
    const { plan } = toyModel({ seed: 1, state, chunkTokens: chunk })
    library = await loadLibrary(packLibrary(runtime, { ...plan, maximumPositions: 1000 }), table)
  }

  test('alone takes chunk and positions from the plan, and counts tokens from each clear', async () => {
    await load('rnn_state')
    const state = library.createRecurrentState(1)
    for (const [tokens, position] of [
      [10, 0],
      [1, 10],
      [16, 11],
    ] as const) {
      pass(state, tokens)
      expect(lastScalars('toy_count')).toEqual([tokens, position])
    }
    expect(() => library.begin(state, 17)).toThrow('a forward pass of 17 tokens; this library takes 1 to 16')
    clear(state)
    pass(state, 1)
    expect(lastScalars('toy_count')).toEqual([1, 0])
    for (let tokens = 1; tokens < 993; tokens += 16) pass(state, 16)
    expect(() => library.begin(state, 8)).toThrow('the context is full: after 993 tokens 8 more exceed 1000')
    pass(state, 7)
  })

  test('beside a cache is one state with it: a pass begun and ended through both counts once', async () => {
    await load('hybrid')
    const { host } = library
    expect(() => library.createRecurrentState(1)).toThrow('called before create_tir_paged_kv_cache')
    const cache = library.createState(100, chunk)
    const before = host.usage.objects
    const state = library.createRecurrentState(1)
    expect(host.usage.objects).toBe(before)
    for (const position of [0, 3, 6]) {
      const x = makeX(3)
      const at = host.makeTensor('webgpu', 'int32', [1])
      library.begin(cache, 3)
      library.begin(state, 3)
      host.release(library.vm('batch_prefill', x, at, cache, state, library.params))
      end(state)
      end(cache)
      expect(lastScalars('toy_count')).toEqual([3, position])
      expect(lastScalars('toy_append')).toEqual([3, position, 112])
      for (const object of [x, at]) host.release(object)
    }
    host.release(state)
    library.begin(cache, 1)
    const x = makeX(1)
    host.release(library.vm('batch_decode', x, cache, library.params))
    expect(lastScalars('toy_count')).toEqual([1, 9])
    host.release(x)
    host.release(cache)
    expect(() => library.createRecurrentState(1)).toThrow('called before create_tir_paged_kv_cache')
    library.createState(100, chunk)
  })

  test('is refused where the plan has none, and so are more sequences, no history, a second state and checkpoints', async () => {
    expect(() => library.createRecurrentState(1)).toThrow('this library has a KV cache and no recurrent state')
    await load('rnn_state')
    expect(() => library.createState(100, chunk)).toThrow('this library has a recurrent state and no KV cache')
    expect(() => library.createRecurrentState(0)).toThrow('a history of less than one state')
    const state = library.createRecurrentState(4)
    expect(() => library.createRecurrentState(1)).toThrow('this library has a recurrent state already')
    expect(() =>
      library.host.global('vm.builtin.attention_kv_cache_get_checkpoint_metadata', state, { int: 0 }),
    ).toThrow('checkpoint: this library has a recurrent state')
  })
})

describe('VM functions', () => {
  test('embed gives a view of its slot, and prefill takes it without a copy', () => {
    const { host } = library
    const state = library.createState(100, chunk)
    const ids = host.makeTensor('webgpu', 'int32', [3])
    const embedded = asObject(library.vm('embed', ids, library.params))
    const slot = host.tensor(embedded)
    expect(slot).toMatchObject({ shape: [3, hidden], dtype: 'float32', byteOffset: 0 })
    const x = host.view(embedded, [1, 3, hidden])
    // Marks the slot: a copy from elsewhere would overwrite the mark.
    host.buffers.get(slot.data)?.fill(7)
    library.begin(state, 3)
    library.vm('prefill', x, state, library.params)
    expect(host.buffers.get(slot.data)?.[0]).toBe(7)
    const other = host.makeTensor('webgpu', 'float32', [1, 3, hidden], new Uint8Array(3 * hidden * 4).fill(9))
    library.vm('prefill', other, state, library.params)
    expect(host.buffers.get(slot.data)?.slice(0, 3 * hidden * 4 + 1)).toEqual(new Uint8Array([...Array(48).fill(9), 7]))
  })

  test('batch_prefill and batch_decode are prefill and decode with the position of the logits', () => {
    const { host } = library
    const state = library.createState(100, chunk)
    const x = makeX(3)
    const position = host.makeTensor('webgpu', 'int32', [1])
    library.begin(state, 3)
    library.vm('batch_prefill', x, position, state, library.params)
    const batch = host.launches.splice(0)
    library.vm('prefill', x, state, library.params)
    expect(batch).toEqual(host.launches)
    expect(batch.length).toBe(2)
    expect(() => library.vm('batch_embed')).toThrow('the library has no function batch_embed')
  })

  test('prefill gives an array of one tensor of logits, argsort_probs its own argument twice', () => {
    const { host } = library
    const state = library.createState(100, chunk)
    library.begin(state, 2)
    const result = asObject(library.vm('prefill', makeX(2), state, library.params))
    expect(host.global('ffi.ArraySize', result)).toBe(1)
    const logits = asObject(host.global('ffi.ArrayGetItem', result, { int: 0 }))
    expect(host.tensor(logits).shape).toEqual([1, 1, toyVocabulary])
    expect(() => host.view(logits, [1, toyVocabulary + 1])).toThrow(
      'a view of 260 bytes at offset 0 exceeds its tensor of 256',
    )
    const sorted = asObject(library.vm('argsort_probs', logits))
    const items = [0, 1].map((int) => asObject(host.global('ffi.ArrayGetItem', sorted, { int })).pointer)
    expect(items).toEqual([logits.pointer, logits.pointer])
  })

  test.each<[string, (state: HostObject) => HostValue, string]>([
    [
      'outside a forward pass',
      (state) => library.vm('decode', makeX(1), state, library.params),
      'decode: called outside',
    ],
    [
      'with another number of tokens than announced',
      (state) => {
        library.begin(state, 3)
        return library.vm('prefill', makeX(2), state, library.params)
      },
      'prefill: the input has 32 bytes, expected 48 on the GPU for 3 tokens',
    ],
    [
      'with an input on the CPU',
      (state) => {
        library.begin(state, 1)
        return library.vm('decode', library.host.makeTensor('cpu', 'float32', [1, 1, hidden]), state, library.params)
      },
      'expected 16 on the GPU',
    ],
    [
      'with more tokens than a chunk',
      () => library.vm('embed', library.host.makeTensor('webgpu', 'int32', [chunk + 1]), library.params),
      'embed: a result of 272 bytes does not fit its slot of 256',
    ],
    [
      'without parameters',
      (state) => {
        library.begin(state, 1)
        return library.vm('decode', makeX(1), state)
      },
      'kernel toy_logits: parameter 0 is missing',
    ],
    [
      'with too few tensors',
      () => library.vm('softmax_with_temperature', library.host.makeTensor('webgpu', 'float32', [toyVocabulary])),
      'softmax_with_temperature: called with 1 tensors, expected 2',
    ],
    [
      'with a view that has an offset',
      () => {
        const logits = library.host.makeTensor('webgpu', 'float32', [2 * toyVocabulary])
        const second = library.host.view(logits, [toyVocabulary], 4 * toyVocabulary)
        return library.vm('softmax_with_temperature', second, library.host.makeTensor('webgpu', 'float32', [1]))
      },
      'kernel toy_softmax: argument 0 is a view with an offset',
    ],
    [
      'with an argument on the CPU',
      () => {
        const logits = library.host.makeTensor('cpu', 'float32', [toyVocabulary])
        return library.vm('softmax_with_temperature', logits, library.host.makeTensor('webgpu', 'float32', [1]))
      },
      'kernel toy_softmax: argument 0 is not on the GPU',
    ],
    [
      'with one buffer read and written',
      () => {
        const logits = library.host.makeTensor('webgpu', 'float32', [toyVocabulary])
        const probabilities = asObject(
          library.vm('softmax_with_temperature', logits, library.host.makeTensor('webgpu', 'float32', [1])),
        )
        return library.vm('softmax_with_temperature', probabilities, logits)
      },
      'kernel toy_softmax: bindings 0 and 2 are one buffer, and one is written',
    ],
  ])('a call %s raises and names its place', (_, call, message) => {
    const state = library.createState(100, chunk)
    expect(() => call(state)).toThrow(message)
  })

  test('calls before the state exists raise', () => {
    const ids = library.host.makeTensor('webgpu', 'int32', [1])
    expect(() => library.vm('embed', ids, library.params)).toThrow('embed: called before its state was created')
  })

  test('kernels the host has not compiled raise', async () => {
    const { host } = library
    const bare = asObject(host.global('ffi.SystemLib'))
    const update = asObject(host.global('ffi.ModuleGetFunction', bare, 'webgpu.update_prebuild', true))
    expect(() => host.call(update, 'toy_embed', 3)).toThrow('expected a name and a function of the host')
    expect(() => host.call(update, 'nothing', () => undefined)).toThrow('this library has no kernel nothing')
  })
})

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
  library = await loadLibrary(packLibrary(runtime, bare), new Map())
  library.createState(1, 1)
  expect(library.vm('nothing')).toBeUndefined()
})
