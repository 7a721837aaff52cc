// The VM functions of the toy library: their arguments, results and launches.
import { beforeEach, describe, expect, test } from 'vitest'
import { asObject, type HostObject, type HostValue } from '../../support/hostValues.ts'
import type { LoadedLibrary } from '../../support/loadedLibrary.ts'
import { hidden, toyVocabulary } from '../../support/toyKernels.ts'
import { chunk, loadToy, stepsOf } from '../../support/toyLibrary.ts'

let library: LoadedLibrary
beforeEach(async () => {
  library = await loadToy()
})
const { makeX } = stepsOf(() => library)

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
