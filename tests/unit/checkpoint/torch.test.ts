// pytorch_model.bin: a file that torch wrote, files that CPython's pickle wrote, and random ones; the tensors must be those that were saved.
import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ModelSource } from '../../../shared/compiler/checkpoint/bytes.ts'
import { type Checkpoint, openCheckpoint } from '../../../shared/compiler/checkpoint/checkpoint.ts'
import { bytesPerElement, type Dtype } from '../../../shared/compiler/checkpoint/safetensors.ts'
import { readTorchTensors } from '../../../shared/compiler/checkpoint/torch.ts'
import { CompileError } from '../../../shared/errors.ts'
import { float32File, type MemoryFiles, memorySource } from '../../support/memorySource.ts'
import { caseFolder } from '../../support/referenceCheckpoint.ts'
import {
  legacyTorchFile,
  rowMajor,
  type StateDict,
  type StoredStorage,
  type StoredView,
  torchFile,
} from '../../support/torchFile.ts'

const { signal } = new AbortController()
const open = (files: MemoryFiles) => openCheckpoint(memorySource(files), signal)
const fixture = (name: string) => readFile(new URL(`../../fixtures/torch/${name}`, import.meta.url))

async function valuesOf(checkpoint: Checkpoint, name: string): Promise<readonly number[]> {
  const tensor = checkpoint.tensors.get(name)
  if (tensor === undefined) throw new Error(`no tensor ${name}`)
  return [...(await checkpoint.readRows(tensor, 0, tensor.shape[0] ?? 1, signal))]
}

/** float32 storage 0 with the values given. */
function floats(...values: readonly number[]): StoredStorage {
  return { type: 'FloatStorage', elements: values.length, bytes: new Uint8Array(Float32Array.from(values).buffer) }
}

function view(storage: string, offset: number, ...shape: readonly number[]): StoredView {
  return { storage, offset, shape, strides: rowMajor(shape) }
}

test('what torch wrote in float16 is, value by value, what an outside tool wrote as safetensors', async () => {
  const read = async (name: string, file: string) =>
    await open({ [file]: await readFile(`${caseFolder(name)}/${file}`) })
  const torch = await read('bloom-f16-bin', 'pytorch_model.bin')
  const safetensors = await read('bloom-pow2', 'model.safetensors')
  expect(torch.files).toEqual(['pytorch_model.bin'])
  expect([...torch.tensors.keys()].sort()).toEqual([...safetensors.tensors.keys()].sort())
  for (const { name, dtype, shape } of torch.tensors.values()) {
    expect([name, dtype, shape]).toEqual([name, 'F16', safetensors.tensors.get(name)?.shape])
    expect(await valuesOf(torch, name), name).toEqual(await valuesOf(safetensors, name))
  }
})

test.each(['protocol2.bin', 'protocol5.bin', 'legacy.bin'])(
  '%s, written by CPython: tied tensors, views, metadata, more than 256 remembered values',
  async (name) => {
    const checkpoint = await open({ 'pytorch_model.bin': await fixture(name) })
    const first = Array.from({ length: 24 }, (_, index) => (index - 12) / 4)
    expect(checkpoint.tensors.size).toBe(306)
    expect(await valuesOf(checkpoint, 'embed.weight')).toEqual(first)
    expect(await valuesOf(checkpoint, 'head.weight')).toEqual(first)
    expect(await valuesOf(checkpoint, 'rows.weight')).toEqual(first.slice(8, 20))
    expect(await valuesOf(checkpoint, 'wide.weight')).toEqual(Array.from({ length: 300 }, (_, index) => index / 8))
    expect(await valuesOf(checkpoint, 'scalar.299')).toEqual([299 / 8])
    const ids = checkpoint.tensors.get('ids')
    expect([ids?.dtype, ids?.shape, ids?.strides]).toEqual(['I64', [1, 4], undefined])
    const turned = checkpoint.tensors.get('turned.weight')
    expect(turned?.strides).toEqual([1, 4])
    const columns = Array.from({ length: 24 }, (_, index) => first[Math.floor(index / 6) + 4 * (index % 6)])
    expect(await valuesOf(checkpoint, 'turned.weight')).toEqual(columns)
  },
)

const storageTypes: readonly (readonly [string, Dtype])[] = [
  ['FloatStorage', 'F32'],
  ['HalfStorage', 'F16'],
  ['BFloat16Storage', 'BF16'],
  ['DoubleStorage', 'F64'],
  ['LongStorage', 'I64'],
  ['IntStorage', 'I32'],
  ['ShortStorage', 'I16'],
  ['CharStorage', 'I8'],
  ['ByteStorage', 'U8'],
  ['BoolStorage', 'BOOL'],
]

const stateDict: fc.Arbitrary<StateDict> = fc
  .array(fc.record({ type: fc.constantFrom(...storageTypes), elements: fc.nat({ max: 24 }), seed: fc.nat() }), {
    minLength: 1,
    maxLength: 4,
  })
  .chain((storages) =>
    fc.record({
      storages: fc.constant(
        Object.fromEntries(
          storages.map(({ type: [type, dtype], elements, seed }, index) => {
            const bytes = Uint8Array.from(
              { length: elements * bytesPerElement[dtype] },
              (_, at) => (seed + 7 * at) & 63,
            )
            return [String(94_000 + index), { type, elements, bytes }]
          }),
        ),
      ),
      views: fc.dictionary(
        fc.string({ unit: 'binary', maxLength: 12 }),
        fc.record({
          storage: fc.nat({ max: storages.length - 1 }),
          start: fc.nat(),
          shape: fc.array(fc.nat({ max: 4 }), { maxLength: 3 }),
        }),
        { maxKeys: 6 },
      ),
    }),
  )
  .map(({ storages, views }) => {
    const tensors: Record<string, StoredView> = {}
    for (const [name, { storage, start, shape }] of Object.entries(views)) {
      const key = String(94_000 + storage)
      const room = (storages[key]?.elements ?? 0) - shape.reduce((product, size) => product * size, 1)
      if (room >= 0 && name.isWellFormed()) tensors[name] = view(key, start % (room + 1), ...shape)
    }
    return { storages, tensors }
  })

test('a random state dict is read back: every name, type, shape and byte', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  console.log(`torch files: seed ${seed}`)
  const writing = fc.record({
    ordered: fc.boolean(),
    protocol: fc.integer({ min: 2, max: 5 }),
    zip64: fc.boolean(),
    comment: fc.constantFrom('', 'a comment'),
    legacy: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(stateDict, writing, async (state, how) => {
      // The old format names only storages that a tensor uses.
      const used = new Set(Object.values(state.tensors).map(({ storage }) => storage))
      const storages = Object.fromEntries(Object.entries(state.storages).filter(([key]) => used.has(key)))
      const file = how.legacy ? legacyTorchFile({ ...state, storages }, how) : torchFile(state, how)
      const tensors = await readTorchTensors(await memorySource({ x: file }).open('x'), 'x', signal)
      expect([...tensors.keys()]).toEqual(Object.keys(state.tensors))
      for (const [name, { storage, offset, shape }] of Object.entries(state.tensors)) {
        const stored = state.storages[storage] as StoredStorage
        const dtype = storageTypes.find(([type]) => type === stored.type)?.[1] as Dtype
        const size = bytesPerElement[dtype]
        const sizeBytes = shape.reduce((product, length) => product * length, size)
        expect(tensors.get(name)).toMatchObject({ name, file: 'x', dtype, shape, sizeBytes })
        const at = tensors.get(name)?.offset ?? -1
        const expected = stored.bytes.subarray(offset * size, offset * size + sizeBytes)
        expect(Buffer.compare(file.subarray(at, at + sizeBytes), expected)).toBe(0)
      }
    }),
    { numRuns: 200, seed },
  )
})

describe('a folder', () => {
  const state: StateDict = { storages: { 0: floats(1, 2) }, tensors: { a: view('0', 0, 2) } }
  const index = (weight_map: object) => JSON.stringify({ metadata: {}, weight_map })
  const first = 'pytorch_model-00001-of-00002.bin'
  const second = 'pytorch_model-00002-of-00002.bin'
  const other: StateDict = { storages: { 0: floats(3) }, tensors: { b: view('0', 0, 1) } }

  test('of shards gives every tensor from its shard', async () => {
    const checkpoint = await open({
      'pytorch_model.bin.index.json': index({ a: first, b: second }),
      [first]: torchFile(state),
      [second]: legacyTorchFile(other),
    })
    expect(checkpoint.files).toEqual(['pytorch_model.bin.index.json', first, second])
    expect(await valuesOf(checkpoint, 'a')).toEqual([1, 2])
    expect(await valuesOf(checkpoint, 'b')).toEqual([3])
  })

  test('with both forms is read as safetensors, sharded or not', async () => {
    const safe = float32File({ a: { shape: [1], values: Float32Array.of(5) } })
    const bin = { 'pytorch_model.bin': torchFile(state) }
    expect((await open({ ...bin, 'model.safetensors': safe })).files).toEqual(['model.safetensors'])
    const shard = 'model-00001-of-00001.safetensors'
    const sharded = await open({ ...bin, 'model.safetensors.index.json': index({ a: shard }), [shard]: safe })
    expect(await valuesOf(sharded, 'a')).toEqual([5])
  })

  test.each<[string, MemoryFiles, string]>([
    [
      'an index names a file of the other form',
      { [first]: torchFile(state), 'x.safetensors': '', 'pytorch_model.bin.index.json': index({ a: 'x.safetensors' }) },
      'expected the name of a .bin file',
    ],
    [
      'an index leads out of the folder',
      { '../x.bin': torchFile(state), 'pytorch_model.bin.index.json': index({ a: '../x.bin' }) },
      'expected the name of a .bin file',
    ],
    [
      'a shard is missing',
      { [first]: torchFile(state), 'pytorch_model.bin.index.json': index({ a: first, b: second }) },
      `weight_map["b"]: "${second}" is not in the folder`,
    ],
    [
      'a shard lacks a tensor',
      { [first]: torchFile(other), 'pytorch_model.bin.index.json': index({ a: first }) },
      `${first}: tensor "a": missing, but pytorch_model.bin.index.json names it`,
    ],
    [
      'nothing is there',
      {},
      'model.safetensors: not found, nor is model.safetensors.index.json, pytorch_model.bin, pytorch_model.bin.index.json',
    ],
  ])('is refused when %s', async (_, files, problem) => {
    const error = await open(files).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(CompileError)
    expect((error as CompileError).message).toContain(problem)
  })
})

test('nothing but headers is read before the weights are asked for', async () => {
  const elements = 300_000
  const storage = { type: 'HalfStorage', elements, bytes: new Uint8Array(2 * elements).fill(1) }
  const file = torchFile({ storages: { 0: storage }, tensors: { a: view('0', 0, 300, 1000) } })
  const source = memorySource({ 'pytorch_model.bin': file })
  let readBytes = 0
  const counted: ModelSource = {
    ...source,
    open: async (name) => {
      const bytes = await source.open(name)
      return {
        ...bytes,
        read: (at, length, abort) => {
          readBytes += length
          return bytes.read(at, length, abort)
        },
      }
    },
  }
  const checkpoint = await openCheckpoint(counted, signal)
  const headers = readBytes
  // The end of the archive is looked for behind a comment of up to 64 KiB.
  expect(headers).toBeLessThan(70_000)
  const a = checkpoint.tensors.get('a')
  await checkpoint.readRows(a as NonNullable<typeof a>, 10, 5, signal)
  expect(readBytes - headers).toBe(5 * 1000 * 2)
})
