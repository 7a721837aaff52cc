// What the library remembers of a conversation: the KV state, a recurrent state, and what of them is refused.
import { beforeEach, describe, expect, test } from 'vitest'
import type { LibraryPlan } from '../../../shared/compiler/library/plan.ts'
import type { HostObject } from '../../support/hostValues.ts'
import type { LoadedLibrary } from '../../support/loadedLibrary.ts'
import { chunk, loadToy, stepsOf, toy } from '../../support/toyLibrary.ts'
import { toyModel } from '../../support/toyModel.ts'

let library: LoadedLibrary
beforeEach(async () => {
  library = await loadToy()
})
const { makeX, end, clear, pass, lastScalars } = stepsOf(() => library)

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
    library = await loadToy(short)
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
    library = await loadToy(large)
    library.createState(8192, chunk)
    expect(library.host.allocations).toContain(2 ** 33)
  })
})

describe('a recurrent state', () => {
  const load = async (state: 'rnn_state' | 'hybrid') => {
    const { plan } = toyModel({ seed: 1, state, chunkTokens: chunk })
    library = await loadToy({ ...plan, maximumPositions: 1000 })
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
