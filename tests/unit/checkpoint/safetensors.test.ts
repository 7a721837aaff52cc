// Hostile and mutated safetensors files. The oracle reads a file in the most literal way and knows nothing of the reader.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readSafetensorsHeader } from '../../../shared/compiler/checkpoint/safetensors.ts'
import { CompileError } from '../../../shared/errors.ts'
import { memorySource, safetensorsFile } from '../../support/memorySource.ts'

const { signal } = new AbortController()

async function read(file: Uint8Array) {
  const source = await memorySource({ 'model.safetensors': file }).open('model.safetensors')
  return await readSafetensorsHeader(source, 'model.safetensors', signal)
}

/** A file whose first 8 bytes claim the given header length. */
function claiming(length: bigint, rest: string): Uint8Array {
  const file = new Uint8Array(8 + rest.length)
  new DataView(file.buffer).setBigUint64(0, length, true)
  file.set(new TextEncoder().encode(rest), 8)
  return file
}

const one = (entry: object, bytes = 4) => safetensorsFile({ a: entry }, new Uint8Array(bytes))
const span = (...data_offsets: unknown[]) => one({ dtype: 'F32', shape: [1], data_offsets })
const shape = (...sizes: unknown[]) => one({ dtype: 'F32', shape: sizes, data_offsets: [0, 4] })
const pair = (first: readonly number[], second: readonly number[], bytes: number) => {
  const entry = (data_offsets: readonly number[]) => ({
    dtype: 'U8',
    shape: [(data_offsets[1] as number) - (data_offsets[0] as number)],
    data_offsets,
  })
  return safetensorsFile({ a: entry(first), b: entry(second) }, new Uint8Array(bytes))
}

describe('a file is refused, and the message names file and field, when', () => {
  test.each<[string, Uint8Array, string]>([
    ['it is shorter than a length', new Uint8Array(7), 'header length: the file has 7 bytes'],
    ['it is empty', new Uint8Array(0), 'header length: the file has 0 bytes'],
    ['its header is above 100 MB', claiming(100_000_001n, '{}'), 'header length: 100000001 bytes'],
    ['its header runs beyond the file', claiming(3n, '{}'), 'header length: 3 bytes, but the file ends after 2'],
    ['its header length passes 2^53', claiming(2n ** 53n + 1n, '{}'), 'header length: 9007199254740993 bytes'],
    ['its header length has the sign bit', claiming(2n ** 63n, '{}'), 'header length: 9223372036854775808 bytes'],
    ['its header length is 0', claiming(0n, ''), 'header length: 0 bytes'],
    ['its header does not start with {', safetensorsFile(' {}'), 'header: expected JSON that starts with {'],
    ['its header is a list', safetensorsFile('[]'), 'header: expected JSON that starts with {'],
    ['its header is not UTF-8', safetensorsFile('{"a":"\u0000"}').with(12, 0xff), 'header: expected JSON in UTF-8'],
    ['its header has trailing junk', safetensorsFile('{}}'), 'header: expected JSON'],
    ['two tensors have one name', safetensorsFile('{"a":{},"a":{}}'), 'header: the key "a" stands twice'],
    ['two names differ in escapes only', safetensorsFile('{"a":{},"\\u0061":{}}'), 'header: the key "a" stands twice'],
    [
      'an entry has a field twice',
      safetensorsFile('{"a":{"dtype":"F32","dtype":"F16"}}'),
      'the key "dtype" stands twice',
    ],
    ['an entry is null', safetensorsFile('{"a":null}'), 'tensor "a": expected an object'],
    ['an entry is a list', safetensorsFile('{"a":[]}'), 'tensor "a": expected an object'],
    ['an entry has a strange key', one({ dtype: 'F32', shape: [1], data_offsets: [0, 4], x: 1 }), 'unexpected key "x"'],
    ['an entry has no dtype', one({ shape: [1], data_offsets: [0, 4] }), 'tensor "a".dtype: "missing"'],
    ['a span ends beyond the file', span(0, 8), '"a".data_offsets: 8 bytes, but shape [1] in F32 takes 4'],
    ['a span lies beyond the file', span(4, 8), '"a".data_offsets: ends at byte'],
    ['a span begins behind its end', span(4, 0), '"a".data_offsets: begins at 4, behind its end 0'],
    ['a span is negative', span(-4, 0), '"a".data_offsets: "[-4,0]", expected two whole numbers'],
    ['a span is a fraction', span(0.5, 4.5), '"a".data_offsets: "[0.5,4.5]"'],
    ['a span is a text', span('0', '4'), '"a".data_offsets'],
    ['a span passes 2^53', span(0, 2 ** 53), '"a".data_offsets'],
    ['a span has one end', span(0), '"a".data_offsets'],
    ['a span has three ends', span(0, 4, 4), '"a".data_offsets'],
    ['a dimension is negative', shape(-1), '"a".shape: "[-1]", expected whole numbers'],
    ['a dimension is a fraction', shape(1.5), '"a".shape'],
    ['a dimension is a text', shape('1'), '"a".shape'],
    ['a dimension passes 2^53', shape(2 ** 53), '"a".shape'],
    ['the shape is no list', one({ dtype: 'F32', shape: 1, data_offsets: [0, 4] }), '"a".shape'],
    ['shape and span disagree', shape(2), '"a".data_offsets: 4 bytes, but shape [2] in F32 takes 8'],
    ['the shape product overflows', shape(2 ** 31, 2 ** 31), 'in F32 takes 18446744073709551616'],
    ['the shape product wraps 2^64', shape(2 ** 32, 2 ** 32, 4), 'in F32 takes 295147905179352825856'],
    ['the dtype is unknown', one({ dtype: 'F31', shape: [1], data_offsets: [0, 4] }), '"a".dtype: "\\"F31\\""'],
    ['the dtype is less than a byte', one({ dtype: 'F4', shape: [8], data_offsets: [0, 4] }), '"a".dtype'],
    ['the dtype is a name of Object', one({ dtype: 'constructor', shape: [1], data_offsets: [0, 4] }), '"a".dtype'],
    ['the dtype is a number', one({ dtype: 32, shape: [1], data_offsets: [0, 4] }), '"a".dtype'],
    [
      '__metadata__ holds a number',
      safetensorsFile('{"__metadata__":{"a":1}}'),
      '__metadata__: expected an object of strings',
    ],
    ['__metadata__ is a list', safetensorsFile('{"__metadata__":[]}'), '__metadata__'],
    ['__metadata__ is null', safetensorsFile('{"__metadata__":null}'), '__metadata__'],
    ['two tensors overlap', pair([0, 4], [3, 7], 7), 'tensor "b".data_offsets: overlaps tensor "a"'],
    ['two tensors share all bytes', pair([0, 4], [0, 4], 4), 'overlaps'],
    ['there is a hole between tensors', pair([0, 4], [5, 8], 8), 'leaves 1 unused bytes behind tensor "a"'],
    ['there is a hole before the first', pair([1, 4], [4, 8], 8), 'leaves 1 unused bytes behind the header'],
    ['the last byte belongs to nobody', pair([0, 4], [4, 8], 9), '1 bytes at the end belong to no tensor'],
    ['a shard is truncated', pair([0, 4], [4, 8], 7), 'tensor "b".data_offsets: ends at byte'],
  ])('%s', async (_, file, problem) => {
    const error = await read(file).then(
      () => null,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(CompileError)
    expect((error as CompileError).message).toContain(problem)
    expect((error as CompileError).message).toMatch(/^model\.safetensors: /)
    expect((error as CompileError).message).not.toContain('\n')
  })
})

test('legal oddities are accepted: rank 0, empty tensors, any order, padding behind the header', async () => {
  const header = {
    second: { dtype: 'F32', shape: [], data_offsets: [2, 6] },
    empty: { dtype: 'F32', shape: [0, 7], data_offsets: [2, 2] },
    first: { dtype: 'BF16', shape: [1], data_offsets: [0, 2] },
  }
  const tensors = await read(safetensorsFile(`${JSON.stringify(header)}   `, new Uint8Array(6)))
  expect([...tensors.keys()]).toEqual(['second', 'empty', 'first'])
  expect(tensors.get('second')).toMatchObject({ shape: [], sizeBytes: 4, dtype: 'F32' })
  expect((await read(safetensorsFile('{}'))).size).toBe(0)
})

test('names are only names: prototype keys, paths and control characters change nothing', async () => {
  const names = ['__proto__', 'constructor', 'toString', '../../x', '/x', 'C:x', 'a\u0000b', 'n'.repeat(65_536)]
  const entries = names.map(
    (name, index) => `${JSON.stringify(name)}:{"dtype":"U8","shape":[1],"data_offsets":[${index},${index + 1}]}`,
  )
  const tensors = await read(safetensorsFile(`{${entries.join(',')}}`, new Uint8Array(names.length)))
  expect([...tensors.keys()]).toEqual(names)
  expect(({} as Record<string, unknown>).dtype).toBeUndefined()
})

/** Literal reading of the format. null: not acceptable. */
function oracle(file: Uint8Array): Map<string, [number, number]> | null {
  if (file.length < 8) return null
  const length = Buffer.from(file.subarray(0, 8)).readBigUInt64LE()
  if (length > 100_000_000n || length > BigInt(file.length - 8)) return null
  const text = Buffer.from(file.subarray(8, 8 + Number(length)))
  if (text[0] !== 0x7b || !Buffer.from(text.toString('utf8')).equals(text)) return null
  const spans = new Map<string, [number, number]>()
  let header: Record<string, { dtype: string; shape: number[]; data_offsets: number[] }>
  try {
    header = JSON.parse(text.toString('utf8'))
  } catch {
    return null
  }
  const sizes: Record<string, number> = {
    F32: 4,
    F16: 2,
    BF16: 2,
    U8: 1,
    I64: 8,
    F64: 8,
    I8: 1,
    BOOL: 1,
    I16: 2,
    U16: 2,
    I32: 4,
    U32: 4,
    U64: 8,
  }
  const covered = new Uint8Array(file.length - 8 - Number(length))
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      if (Object.prototype.toString.call(entry) !== '[object Object]') return null
      if (Object.values(entry).some((value) => typeof value !== 'string')) return null
      continue
    }
    if (
      Object.keys(entry ?? {})
        .sort()
        .join() !== 'data_offsets,dtype,shape'
    )
      return null
    const size = Object.hasOwn(sizes, entry.dtype) ? sizes[entry.dtype] : undefined
    if (size === undefined || !Array.isArray(entry.shape) || !Array.isArray(entry.data_offsets)) return null
    const [begin, end] = entry.data_offsets
    if (entry.data_offsets.length !== 2 || begin === undefined || end === undefined) return null
    for (const value of [...entry.shape, begin, end]) {
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 2 ** 53) return null
    }
    if (entry.shape.reduce((product, dimension) => product * dimension, size) !== end - begin) return null
    if (end > covered.length) return null
    for (let at = begin; at < end; at++) covered[at] = (covered[at] as number) + 1
    spans.set(name, [begin + 8 + Number(length), end - begin])
  }
  return covered.every((count) => count === 1) ? spans : null
}

const validFile = fc
  .array(
    fc.record({
      name: fc.stringMatching(/^[a-z_.]{1,6}$/),
      dtype: fc.constantFrom('F32', 'F16', 'BF16', 'U8', 'I64'),
      shape: fc.array(fc.nat({ max: 3 }), { maxLength: 3 }),
    }),
    { maxLength: 5 },
  )
  .map((tensors) => {
    const sizes: Record<string, number> = { F32: 4, F16: 2, BF16: 2, U8: 1, I64: 8 }
    let offset = 0
    const header: Record<string, unknown> = {}
    for (const { name, dtype, shape: sizesOfAxes } of tensors) {
      if (Object.hasOwn(header, name)) continue
      const bytes = sizesOfAxes.reduce((product, size) => product * size, sizes[dtype] as number)
      header[name] = { dtype, shape: sizesOfAxes, data_offsets: [offset, offset + bytes] }
      offset += bytes
    }
    return safetensorsFile(header, new Uint8Array(offset).fill(0xab))
  })

const mutation = fc.oneof(
  fc.record({ kind: fc.constant('byte' as const), at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('digit' as const), at: fc.nat(), value: fc.integer({ min: 0x30, max: 0x39 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), value: fc.nat({ max: 4 }) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) }),
)

function mutate(file: Uint8Array, { kind, at, value }: { kind: string; at: number; value: number }): Uint8Array {
  const place = at % Math.max(1, file.length)
  if (kind === 'byte') return file.length === 0 ? file : file.with(place, value)
  if (kind === 'cut') return Buffer.concat([file.subarray(0, place), file.subarray(place + value)])
  if (kind === 'insert') return Buffer.concat([file.subarray(0, place), Uint8Array.of(value), file.subarray(place)])
  const digits = [...file.keys()].filter(
    (index) => index >= 8 && (file[index] as number) >= 0x30 && (file[index] as number) <= 0x39,
  )
  return digits.length === 0 ? file : file.with(digits[at % digits.length] as number, value)
}

test('a mutated file is accepted only if a literal check accepts it, with the same spans; otherwise the error is a CompileError', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  console.log(`safetensors mutations: seed ${seed}`)
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(validFile, fc.array(mutation, { maxLength: 3 }), async (file, mutations) => {
      const mutated = mutations.reduce(mutate, file)
      const expected = oracle(mutated)
      const outcome = await read(mutated).catch((error: unknown) => error)
      if (outcome instanceof Map) {
        accepted++
        const spans = [...outcome.values()].map((entry) => [entry.name, [entry.offset, entry.sizeBytes]] as const)
        expect(expected && [...expected].sort()).toEqual([...spans].sort())
      } else {
        expect(outcome).toBeInstanceOf(CompileError)
        if (mutations.length === 0) expect(outcome).toBeNull() // every unmutated file must be read
      }
    }),
    { numRuns: 4000, seed },
  )
  expect(accepted).toBeGreaterThan(400)
})
