// Hostile pickles in PyTorch files: each gives one clear CompileError, and nothing is ever called.
import { describe, expect, test } from 'vitest'
import {
  bytes,
  legacyOf,
  readTorch,
  refusal,
  state,
  storage,
  view,
  withPickle,
  withTensor,
  withValue,
} from '../../support/hostileTorch.ts'
import {
  legacyTorchFile,
  pickled,
  statePickle,
  storagePickle,
  tensorPickle,
  torchFile,
} from '../../support/torchFile.ts'
import { join } from '../../support/zipFile.ts'

const { text, int, global, tuple, list, dict, call, whole, persistent, built } = pickled

test('what these cases start from is read', async () => {
  expect([...(await readTorch(torchFile(state))).keys()]).toEqual(['a', 'b'])
  expect([...(await readTorch(legacyTorchFile(state))).keys()]).toEqual(['a', 'b'])
})

describe('a global is a name and nothing else:', () => {
  test.each([
    ['os', 'system'],
    ['posix', 'system'],
    ['nt', 'system'],
    ['builtins', 'eval'],
    ['builtins', 'getattr'],
    ['__builtin__', 'exec'],
    ['subprocess', 'Popen'],
    ['torch.storage', '_load_from_bytes'],
    ['torch', 'load'],
    ['torch.hub', 'load'],
    ['torch._utils', '_rebuild_device_tensor_from_numpy'],
    ['torch', 'FloatStorage.__init__'],
    ['torch', 'QUInt8Storage'],
    ['numpy.core.multiarray', '_reconstruct'],
    ['collections', 'OrderedDict.popitem'],
    ['constructor', 'constructor'],
    ['', '__proto__'],
  ])('%s.%s is refused, called or only named', async (module, name) => {
    const problem = `${JSON.stringify(`${module}.${name}`)} is not among the names a checkpoint may use`
    expect(await refusal(withValue(call(global(module, name), text('echo'))))).toContain(problem)
    expect(await refusal(withValue(global(module, name)))).toContain(problem)
    const stacked = join(text(module), text(name), bytes(0x93))
    expect(await refusal(withPickle(whole(dict(text('a'), stacked), 4)))).toContain(problem)
    expect(await refusal(legacyOf(whole(call(global(module, name)))))).toContain(problem)
  })
})

test('every operation but those torch writes is refused by its number', async () => {
  const allowed = new Set('().]}tNJKMGUXaeusqrhjcRQb'.split('').map((one) => one.charCodeAt(0)))
  for (const one of [0x80, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x93, 0x94, 0x95]) allowed.add(one)
  let refused = 0
  for (let opcode = 0; opcode < 256; opcode++) {
    if (allowed.has(opcode)) continue
    const problem = await refusal(withPickle(join(bytes(0x80, 2, opcode), new Uint8Array(64))))
    expect(problem).toBe(`pytorch_model.bin: data.pkl byte 2: operation 0x${opcode.toString(16)} is not allowed`)
    refused++
  }
  expect(refused).toBe(220)
})

describe('refused:', () => {
  const ordered = call(global('collections', 'OrderedDict'))
  const good = tensorPickle(storagePickle('0', storage), view(6))
  const deep = (depth: number) => withPickle(join(bytes(0x80, 2, 0x4e), new Uint8Array(depth).fill(0x85), bytes(0x2e)))
  test.each<[string, Uint8Array | (() => Uint8Array), string]>([
    // Calls
    [
      'a type is called',
      withValue(call(global('torch', 'FloatStorage'), int(1))),
      '"torch.FloatStorage" is a type and cannot be called',
    ],
    ['a text is called', withValue(call(text('eval'))), 'what is called is no global'],
    [
      'a call has no arguments',
      withValue(join(global('torch', 'Size'), pickled.none, bytes(0x52))),
      'the arguments of a call are no tuple',
    ],
    ['attributes go to a tensor', withValue(built(good, dict())), 'attributes are given to what is no dictionary'],
    [
      'attributes go to a global',
      withValue(built(global('torch', 'Size'), dict())),
      'attributes are given to what is no dictionary',
    ],
    [
      'attributes are no dictionary',
      withValue(built(ordered, tuple(int(1)))),
      'attributes are given to what is no dictionary',
    ],
    [
      'a dictionary is made from pairs',
      withValue(call(global('collections', 'OrderedDict'), list())),
      'an OrderedDict is made from something',
    ],
    [
      'a parameter is no tensor',
      withValue(call(global('torch._utils', '_rebuild_parameter'), int(1))),
      'a parameter is no tensor',
    ],
    // Persistent ids
    [
      'a persistent id names a storage that is not there',
      withValue(tensorPickle(storagePickle('7', storage), view(6))),
      'storage "7": is missing',
    ],
    [
      'a storage key is a path',
      withValue(tensorPickle(storagePickle('../data.pkl', storage), view(6))),
      'storage "../data.pkl": is missing',
    ],
    ['a persistent id is a text', withValue(persistent(text('0'))), 'a persistent id is no tuple'],
    [
      'a persistent id is a module',
      withValue(persistent(tuple(text('module'), text('x'), text('y'), text('z')))),
      'a persistent id is no storage',
    ],
    [
      'a storage has no type',
      withValue(persistent(tuple(text('storage'), text('FloatStorage'), text('0'), text('cpu'), int(6)))),
      'a storage has no type',
    ],
    [
      'a storage has a function as type',
      withValue(persistent(tuple(text('storage'), global('torch', 'Size'), text('0'), text('cpu'), int(6)))),
      'a storage has no type',
    ],
    [
      'a storage has a negative size',
      withValue(storagePickle('0', { ...storage, elements: -6 })),
      'a storage has an impossible size',
    ],
    [
      'a storage has 2^60 elements',
      withValue(storagePickle('0', { ...storage, elements: 2 ** 60 })),
      'a storage has an impossible size',
    ],
    [
      'a storage is larger than its entry',
      withValue(tensorPickle(storagePickle('0', { ...storage, elements: 7 }), view(6))),
      'storage "0": 24 bytes, expected 28',
    ],
    [
      'a storage is smaller than its entry',
      withValue(tensorPickle(storagePickle('0', { ...storage, elements: 5 }), view(5))),
      'storage "0": 24 bytes, expected 20',
    ],
    [
      'a storage has another type than its entry',
      withValue(tensorPickle(storagePickle('0', { ...storage, type: 'DoubleStorage' }), view(6))),
      'storage "0": 24 bytes, expected 48',
    ],
    // Tensors
    [
      'a tensor reaches beyond its storage',
      withTensor({ shape: [7], strides: [1] }),
      'a tensor [7] reaches beyond its storage of 6',
    ],
    ['an offset lies beyond the storage', withTensor({ offset: 1 }), 'reaches beyond its storage of 6'],
    ['strides lead out of the storage', withTensor({ strides: [4, 1] }), 'reaches beyond its storage of 6'],
    ['strides are huge', withTensor({ strides: [2 ** 53 - 1, 1] }), 'reaches beyond its storage of 6'],
    ['strides are negative', withTensor({ strides: [-3, 1] }), 'sizes or strides are not up to 8 whole numbers'],
    ['sizes are negative', withTensor({ shape: [-2, 3] }), 'sizes or strides are not up to 8 whole numbers'],
    [
      'sizes overflow with strides of zero',
      withTensor({ shape: [2 ** 40, 2 ** 40], strides: [0, 0] }),
      'a tensor has impossible sizes',
    ],
    ['sizes and strides disagree', withTensor({ strides: [1] }), 'a tensor has impossible sizes'],
    [
      'there are nine axes',
      withTensor({ shape: Array(9).fill(1), strides: Array(9).fill(1) }),
      'sizes or strides are not up to 8',
    ],
    ['a tensor has no storage', withValue(tensorPickle(text('0'), view(6))), 'a tensor has no storage'],
    ['a tensor views a tensor', withValue(tensorPickle(good, view(6))), 'a tensor has no storage'],
    // Structure
    ['the state dict is a list', withPickle(whole(list(good))), 'expected a dictionary of tensors'],
    ['an entry is a number', withValue(int(1)), 'entry "a": is no tensor'],
    ['an entry is a storage', withValue(storagePickle('0', storage)), 'entry "a": is no tensor'],
    ['an entry is a dictionary', withValue(dict(text('b'), good)), 'entry "a": is no tensor'],
    ['a name is a number', withPickle(whole(dict(int(1), good))), 'entry "1": is no tensor'],
    ['a name is a tuple', withPickle(whole(dict(tuple(), good))), 'a key is neither text nor number'],
    ['a name stands twice', withPickle(whole(dict(text('a'), good, text('a'), good))), 'the key "a" stands twice'],
    ['a key has no value', withPickle(whole(dict(text('a')))), 'a key has no value'],
    [
      'the dictionary holds itself',
      withPickle(join(bytes(0x80, 2, 0x7d, 0x71, 0), text('a'), bytes(0x68, 0, 0x73, 0x2e))),
      'entry "a": is no tensor',
    ],
    ['values are nested half a million deep', () => deep(500_000), 'expected a dictionary of tensors'],
    ['values are nested two million deep', () => deep(2_000_000), 'more than 1000000 values'],
    [
      'lists hold one another',
      withPickle(join(bytes(0x80, 2, 0x5d, 0x71, 0, 0x68, 0, 0x61, 0x2e))),
      'expected a dictionary of tensors',
    ],
    [
      'the memo is asked for what it lacks',
      withPickle(join(bytes(0x80, 2, 0x68, 5, 0x2e))),
      'nothing is remembered as 5',
    ],
    [
      'the memo is filled without end',
      () => withPickle(join(bytes(0x80, 4, 0x4e), new Uint8Array(1_100_000).fill(0x94), bytes(0x2e))),
      'more than 1000000 values to remember',
    ],
    [
      'the stack is filled without end',
      () => withPickle(join(bytes(0x80, 2), new Uint8Array(1_100_000).fill(0x4e), bytes(0x2e))),
      'more than 1000000 values on the stack',
    ],
    [
      'marks are set without end',
      () => withPickle(join(bytes(0x80, 2), new Uint8Array(1_100_000).fill(0x28), bytes(0x2e))),
      'more than 1000000 marks',
    ],
    [
      'texts are made without end',
      () =>
        withPickle(
          join(
            bytes(0x80, 4, 0x5d),
            new Uint8Array(3_000_003).map((_, at) => [0x8c, 0, 0x61][at % 3] as number),
            bytes(0x2e),
          ),
        ),
      'more than 1000000 values',
    ],
    ['a text claims 4 GiB', withPickle(bytes(0x80, 2, 0x58, 255, 255, 255, 255, 0x2e)), 'the pickle is cut off'],
    ['a text is not UTF-8', withPickle(bytes(0x80, 2, 0x8c, 1, 0xff, 0x2e)), 'a text is not UTF-8'],
    [
      'an integer has 255 bytes',
      withPickle(join(bytes(0x80, 2, 0x8a, 255), new Uint8Array(256))),
      'an integer of 255 bytes',
    ],
    ['a name has no end', withPickle(join(bytes(0x80, 2, 0x63), new Uint8Array(300).fill(0x61))), 'a name has no end'],
    ['an operation lacks its value', withPickle(bytes(0x80, 2, 0x85, 0x2e)), 'an operation lacks its value'],
    [
      'an operation reaches behind a mark',
      withPickle(bytes(0x80, 2, 0x4e, 0x28, 0x85, 0x2e)),
      'an operation lacks its value',
    ],
    ['an operation lacks its mark', withPickle(bytes(0x80, 2, 0x74, 0x2e)), 'an operation lacks its mark'],
    ['values are left over', withPickle(bytes(0x80, 2, 0x4e, 0x7d, 0x2e)), 'the pickle ends with values left over'],
    ['the pickle has no end', withPickle(bytes(0x80, 2, 0x7d)), 'the pickle is cut off'],
    ['the pickle is empty', withPickle(bytes()), 'the pickle is cut off'],
    ['more follows the pickle', withPickle(join(statePickle(state), bytes(0x2e))), 'more follows the pickle'],
    ['the protocol is 6', withPickle(statePickle(state, { protocol: 6 })), 'protocol 6, expected 2 to 5'],
    ['the protocol is 0', withPickle(statePickle(state, { protocol: 0 })), 'protocol 0, expected 2 to 5'],
    [
      'the pickle is above 16 MiB',
      () => withPickle(new Uint8Array(2 ** 24 + 1)),
      '16777217 bytes, expected at most 16777216',
    ],
  ])('%s', async (_, file, problem) => {
    expect(await refusal(typeof file === 'function' ? file() : file)).toContain(problem)
  })
})
