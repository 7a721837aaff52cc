// Hostile containers of PyTorch files, the zip archive and the old form: each gives one clear CompileError.
import { describe, expect, test } from 'vitest'
import {
  bytes,
  legacyOf,
  parts,
  plus,
  readTorch,
  refusal,
  state,
  view,
  withLies,
  withParts,
} from '../../support/hostileTorch.ts'
import { legacyTorchFile, pickled, statePickle, torchFile } from '../../support/torchFile.ts'
import { join, zipFile } from '../../support/zipFile.ts'

const { int, dict, tuple, text, whole } = pickled

describe('an archive is refused when', () => {
  const half = torchFile(state).subarray(0, 700)
  test.each<[string, Uint8Array | (() => Uint8Array), string]>([
    ['it is empty', bytes(), 'starts neither like a zip archive nor like a pickle'],
    [
      'it is a Git LFS pointer',
      new TextEncoder().encode('version https://git-lfs.github.com/spec/v1'),
      'starts neither like',
    ],
    ['it is cut off', half, 'the zip directory is missing'],
    ['an entry is compressed', withLies('data/0', { method: 8 }), '"archive/data/0" is compressed, expected it stored'],
    ['its pickle is compressed', withLies('data.pkl', { method: 8 }), '"archive/data.pkl" is compressed'],
    ['an entry is encrypted', withLies('data/0', { flags: 0x0809 }), '"archive/data/0" is encrypted'],
    [
      'the pickle is damaged',
      withLies('data.pkl', { crc: 1 }),
      'entry "archive/data.pkl": is damaged: its checksum differs',
    ],
    [
      'a name differs',
      withLies('data/0', { localName: 'archive/data/1' }),
      'entry "archive/data/0": has another name in its local header',
    ],
    [
      'an entry overlaps the next',
      withLies('data/0', { sizeBytes: 4000 }),
      'entry "archive/data/0": overlaps what follows it',
    ],
    ['two entries are one', withLies('data/0', { headerOffset: 0 }), 'overlaps what follows it'],
    ['an entry lies beyond the file', withLies('data/0', { headerOffset: 2 ** 31 }), 'overlaps what follows it'],
    ['an entry points into another', withLies('version', { headerOffset: 60 }), 'overlaps what follows it'],
    ['a name stands twice', plus('archive/data/0'), 'entry "archive/data/0": stands twice'],
    ['there are two pickles', plus('other/data.pkl'), '2 entries <name>/data.pkl, expected one'],
    [
      'there is none',
      withParts((part) => ({ ...part, name: part.name.replace('data.pkl', 'data.txt') })),
      '0 entries <name>/data.pkl',
    ],
    ['it is a TorchScript program', plus('archive/constants.pkl'), 'is a TorchScript program, expected a state dict'],
    [
      'numbers are big-endian',
      withParts((part) =>
        part.name.endsWith('byteorder') ? { ...part, data: new TextEncoder().encode('big') } : part,
      ),
      'byteorder: "big", expected "little"',
    ],
    [
      'its version is unknown',
      withParts((part) => (part.name.endsWith('version') ? { ...part, data: new TextEncoder().encode('11') } : part)),
      'version: "11", expected at most 10',
    ],
    [
      'its version is a book',
      withParts((part) => (part.name.endsWith('version') ? { ...part, data: new Uint8Array(65) } : part)),
      '65 bytes, expected at most 64',
    ],
    [
      'it claims too many entries',
      zipFile(parts, { zip64: true, count: 100_001 }),
      '100001 entries, expected at most 100000',
    ],
    [
      'it claims one entry too many',
      zipFile(parts, { count: parts.length + 1 }),
      `zip directory entry ${parts.length}: is missing`,
    ],
    [
      'it claims one entry too few',
      zipFile(parts, { count: parts.length - 1 }),
      'zip directory: is longer than its entries',
    ],
    ['a name is endless', () => plus('x'.repeat(513)), 'longer than the directory or its name too long'],
  ])('%s', async (_, file, problem) => {
    expect(await refusal(typeof file === 'function' ? file() : file)).toContain(problem)
  })

  test('a size or offset of 2^63 is no size', async () => {
    const file = zipFile(parts, { zip64: true })
    const data = Buffer.from(file)
    const end = data.lastIndexOf(bytes(0x50, 0x4b, 6, 6))
    for (const at of [32, 40, 48]) {
      const changed = Buffer.from(data)
      changed.writeBigUInt64LE(2n ** 63n, end + at)
      await refusal(new Uint8Array(changed))
    }
  })

  test('a hundred thousand entries are read in seconds', async () => {
    const many = Array.from({ length: 100_000 - parts.length }, (_, index) => ({ name: `x/${index}`, data: bytes() }))
    const file = zipFile([...parts, ...many], { zip64: true })
    const start = performance.now()
    expect((await readTorch(file)).size).toBe(2)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})

describe('a file of the old form is refused when', () => {
  const file = legacyTorchFile(state)
  test.each<[string, Uint8Array, string]>([
    ['it is another pickle', whole(dict()), 'is a pickle, but none that torch.save wrote'],
    ['its version is another', join(file.subarray(0, 15), whole(int(1000))), 'version: expected 1001'],
    ['it ends early', file.subarray(0, -1), 'storage "0": the file ends early'],
    ['bytes are left over', join(file, bytes(1)), '1 bytes are left over'],
    ['it ends within the pickle', file.subarray(0, 200), 'the pickle is cut off'],
    [
      'a storage has another size',
      new Uint8Array(Buffer.from(file).fill(7, file.length - 32, file.length - 31)),
      'has another size than its tensors say',
    ],
    ['a storage is missing', legacyOf(statePickle(state, {}, pickled.none)), 'storage "0": is missing'],
    [
      'a storage belongs to nobody',
      legacyTorchFile({ storages: state.storages, tensors: {} }),
      'a key belongs to no tensor or stands twice',
    ],
    ['a view lies outside', legacyTorchFileWithView(4, 3), 'a view lies outside its storage'],
  ])('%s', async (_, bad, problem) => {
    expect(await refusal(bad)).toContain(problem)
  })

  test('a view is the part of its storage', async () => {
    const a = (await readTorch(legacyTorchFileWithView(4, 2))).get('a')
    const whole0 = (await readTorch(legacyTorchFileWithView(0, 2))).get('a')
    expect((a?.offset ?? 0) - (whole0?.offset ?? 0)).toBe(16)
  })
})

/** One tensor [2] in a view of storage 0. */
function legacyTorchFileWithView(first: number, elements: number): Uint8Array {
  const viewed = { storages: state.storages, tensors: { a: view(2) } }
  const pickle = statePickle(viewed, {}, tuple(text('v'), int(first), int(elements)))
  const plain = statePickle(viewed, {}, pickled.none)
  const file = Buffer.from(legacyTorchFile(viewed))
  const at = file.indexOf(plain)
  return new Uint8Array(Buffer.concat([file.subarray(0, at), pickle, file.subarray(at + plain.length)]))
}
