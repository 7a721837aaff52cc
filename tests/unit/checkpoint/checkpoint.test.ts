import { describe, expect, test } from 'vitest'
import { openCheckpoint } from '../../../shared/compiler/checkpoint/checkpoint.ts'
import { CompileError } from '../../../shared/errors.ts'
import { float32File, type MemoryFiles, memorySource, safetensorsFile } from '../../support/memorySource.ts'

const { signal } = new AbortController()
const open = async (files: MemoryFiles) => await openCheckpoint(memorySource(files), signal)
const tensor = (...values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) })
const index = (weight_map: unknown) => JSON.stringify({ metadata: { total_size: 1 }, weight_map })
const first = 'model-00001-of-00002.safetensors'
const second = 'model-00002-of-00002.safetensors'

test('a sharded checkpoint gives every tensor from its shard', async () => {
  const checkpoint = await open({
    'model.safetensors.index.json': index({ a: first, b: second }),
    [first]: float32File({ a: tensor(1, 2) }),
    [second]: float32File({ b: tensor(3) }),
  })
  expect(checkpoint.files).toEqual(['model.safetensors.index.json', first, second])
  const b = checkpoint.tensors.get('b')
  expect(b?.file).toBe(second)
  expect([...(await checkpoint.readRows(b as NonNullable<typeof b>, 0, 1, signal))]).toEqual([3])
})

test('rows are read in every dtype and from any row', async () => {
  const values = [1, -2, 0.5, 4, -8, 0.25]
  const bits16 = Uint16Array.of(0x3c00, 0xc000, 0x3800, 0x4400, 0xc800, 0x3400)
  const upper = new Uint16Array(new Uint32Array(Float32Array.from(values).buffer).map((bits) => bits >>> 16))
  const data = Buffer.concat([Float32Array.from(values), bits16, upper].map((part) => new Uint8Array(part.buffer)))
  const checkpoint = await open({
    'model.safetensors': safetensorsFile(
      {
        f32: { dtype: 'F32', shape: [3, 2], data_offsets: [0, 24] },
        f16: { dtype: 'F16', shape: [3, 2], data_offsets: [24, 36] },
        bf16: { dtype: 'BF16', shape: [3, 2], data_offsets: [36, 48] },
      },
      data,
    ),
  })
  for (const entry of checkpoint.tensors.values()) {
    expect([...(await checkpoint.readRows(entry, 1, 2, signal))]).toEqual(values.slice(2))
    await expect(checkpoint.readRows(entry, 2, 2, signal)).rejects.toThrow(RangeError)
  }
})

test('NaN and infinity are refused by name and element, in every dtype; denormals and -0 are not', async () => {
  const bytes = (...parts: (Uint16Array | Float32Array)[]) =>
    Buffer.concat(parts.map((part) => new Uint8Array(part.buffer)))
  const cases = [
    ['F32', Float32Array.of(0, 1e-45, -0, NaN), 'element 3 is NaN'],
    ['F32', Float32Array.of(0, Infinity, 0, 0), 'element 1 is Infinity'],
    ['F16', Uint16Array.of(0x0001, 0xfc00), 'element 1 is -Infinity'],
    ['BF16', Uint16Array.of(0x8000, 0x7fc0), 'element 1 is NaN'],
    ['F32', Float32Array.of(1e-45, -0, 3.4e38, -3.4e38), null],
  ] as const
  for (const [dtype, values, problem] of cases) {
    const entry = { dtype, shape: [values.length], data_offsets: [0, values.byteLength] }
    const checkpoint = await open({ 'model.safetensors': safetensorsFile({ 'model.w': entry }, bytes(values)) })
    const w = checkpoint.tensors.get('model.w')
    const rows = checkpoint.readRows(w as NonNullable<typeof w>, 0, values.length, signal)
    if (problem === null) expect([...(await rows)]).toEqual([...values])
    else await expect(rows).rejects.toThrow(`model.safetensors: tensor "model.w": ${problem}`)
  }
})

describe('a checkpoint is refused when', () => {
  const shards = { [first]: float32File({ a: tensor(1) }), [second]: float32File({ b: tensor(2) }) }
  const good = { a: first, b: second }
  test.each<[string, MemoryFiles, string]>([
    ['there are no weights', { 'config.json': '{}' }, 'model.safetensors: not found'],
    ['the index is no JSON', { 'model.safetensors.index.json': '{' }, 'index.json: expected JSON'],
    ['the index has no map', { 'model.safetensors.index.json': '{}' }, 'index.json: weight_map: expected an object'],
    ['the map is a list', { 'model.safetensors.index.json': index([]) }, 'weight_map: expected an object'],
    ['the map is empty', { 'model.safetensors.index.json': index({}) }, 'weight_map: names no tensor'],
    ...[
      '../evil.safetensors',
      '/etc/x.safetensors',
      'a/b.safetensors',
      'C:\\x.safetensors',
      '.hidden.safetensors',
      'x.bin',
      '',
    ].map((name): [string, MemoryFiles, string] => [
      `the index names ${JSON.stringify(name)}`,
      { ...shards, [name]: float32File({ a: tensor(1) }), 'model.safetensors.index.json': index({ a: name }) },
      'expected the name of a .safetensors file',
    ]),
    [
      'the index names the index',
      { 'model.safetensors.index.json': index({ a: 'model.safetensors.index.json' }) },
      'expected the name',
    ],
    ['the index names a number', { 'model.safetensors.index.json': index({ a: 5 }) }, 'weight_map["a"]: "5"'],
    [
      'a shard is missing',
      { [first]: shards[first] as Uint8Array, 'model.safetensors.index.json': index(good) },
      'is not in the folder',
    ],
    [
      'a tensor stands twice in the index',
      { ...shards, 'model.safetensors.index.json': `{"weight_map":{"a":"${first}","a":"${second}"}}` },
      'the key "a" stands twice',
    ],
    [
      'a shard lacks a tensor of the index',
      { ...shards, 'model.safetensors.index.json': index({ ...good, c: second }) },
      `${second}: tensor "c": missing`,
    ],
    [
      'a shard has a tensor the index lacks',
      { ...shards, [second]: float32File({ b: tensor(2), x: tensor(1) }), 'model.safetensors.index.json': index(good) },
      `${second}: tensor "x"`,
    ],
    [
      'a tensor is in two shards',
      { ...shards, [second]: float32File({ b: tensor(2), a: tensor(1) }), 'model.safetensors.index.json': index(good) },
      `${second}: tensor "a"`,
    ],
    [
      'a shard is truncated',
      { ...shards, [second]: (shards[second] as Uint8Array).slice(0, -1), 'model.safetensors.index.json': index(good) },
      `${second}: tensor "b".data_offsets`,
    ],
  ])('%s', async (_, files, problem) => {
    const error = await open(files).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(CompileError)
    expect((error as CompileError).message).toContain(problem)
  })
})

test('a span that lies when the file shrinks between opening and reading is an error, not foreign bytes', async () => {
  const files: Record<string, Uint8Array> = { 'model.safetensors': float32File({ a: tensor(1, 2, 3) }) }
  const source = memorySource(files)
  const checkpoint = await openCheckpoint(
    {
      ...source,
      open: async (name) => {
        const bytes = await source.open(name)
        let reads = 0
        return {
          ...bytes,
          read: async (at, length, abort) => (await bytes.read(at, length, abort)).slice(0, ++reads > 2 ? 4 : length),
        }
      },
    },
    signal,
  )
  const a = checkpoint.tensors.get('a')
  await expect(checkpoint.readRows(a as NonNullable<typeof a>, 0, 3, signal)).rejects.toThrow('the file ends early')
})
