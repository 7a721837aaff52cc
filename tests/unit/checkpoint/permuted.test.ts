// Transposed and permuted views of PyTorch files, read by rows, against a literal walk over their strides.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WeightRule } from '../../../shared/compiler/architectures/spec.ts'
import { openCheckpoint } from '../../../shared/compiler/checkpoint/checkpoint.ts'
import { storageOrder } from '../../../shared/compiler/checkpoint/permuted.ts'
import { checkTensors } from '../../../shared/compiler/checkTensors.ts'
import { readRule } from '../../../shared/compiler/weightBlocks.ts'
import { memorySource } from '../../support/memorySource.ts'
import { rowMajor, torchFile } from '../../support/torchFile.ts'

const { signal } = new AbortController()

/** A float32 storage that counts from 0, and one view of it. */
async function viewed(elements: number, offset: number, shape: readonly number[], strides: readonly number[]) {
  const bytes = new Uint8Array(Float32Array.from({ length: elements }, (_, index) => index).buffer)
  const storages = { 0: { type: 'FloatStorage', elements, bytes } }
  const file = torchFile({ storages, tensors: { a: { storage: '0', offset, shape, strides } } })
  const checkpoint = await openCheckpoint(memorySource({ 'pytorch_model.bin': file }), signal)
  const a = checkpoint.tensors.get('a')
  if (a === undefined) throw new Error('no tensor')
  return { checkpoint, rows: (first: number, count: number) => checkpoint.readRows(a, first, count, signal) }
}

/** Storage indices of all elements, row by row. */
function walk(shape: readonly number[], strides: readonly number[], from: number): readonly number[] {
  const [length, ...shapes] = shape
  const [step = 0, ...steps] = strides
  if (length === undefined) return [from]
  return Array.from({ length }, (_, index) => walk(shapes, steps, from + index * step)).flat()
}

test('any permutation is read as its strides say, from any row on', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  console.log(`permuted views: seed ${seed}`)
  const permuted = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }).chain((stored) =>
    fc.record({
      stored: fc.constant(stored),
      axes: fc.shuffledSubarray([...stored.keys()], { minLength: stored.length }),
      offset: fc.nat({ max: 3 }),
      first: fc.nat(),
      count: fc.nat(),
    }),
  )
  await fc.assert(
    fc.asyncProperty(permuted, async ({ stored, axes, offset, first, count }) => {
      const shape = axes.map((axis) => stored[axis] as number)
      const strides = axes.map((axis) => rowMajor(stored)[axis] as number)
      const elements = stored.reduce((product, size) => product * size, 1)
      const { rows } = await viewed(elements + offset, offset, shape, strides)
      const all = walk(shape, strides, offset)
      const length = shape[0] as number
      const start = first % length
      const taken = 1 + (count % (length - start))
      const row = elements / length
      expect([...(await rows(start, taken))]).toEqual(all.slice(start * row, (start + taken) * row))
    }),
    { numRuns: 300, seed },
  )
})

test('a transposed view larger than what is read at a time is whole', async () => {
  const [rows, columns] = [1100, 2000]
  const { rows: read } = await viewed(rows * columns, 0, [rows, columns], [1, rows])
  const values = await read(0, rows)
  const wrong = values.findIndex((value, index) => value !== Math.floor(index / columns) + rows * (index % columns))
  expect(wrong).toBe(-1)
})

test('a rule reads a transposed view, and turns a transposed view back', async () => {
  const { checkpoint } = await viewed(6, 0, [2, 3], [1, 2])
  const rule: WeightRule = { name: 'm', kind: 'matrix', shape: [2, 3], sources: [{ tensor: 'a', shape: [2, 3] }] }
  const turned: WeightRule = { ...rule, shape: [3, 2], sources: [{ tensor: 'a', shape: [2, 3], transposed: true }] }
  checkTensors(checkpoint, [rule], [])
  expect([...(await readRule(checkpoint, rule, signal))]).toEqual([0, 2, 4, 1, 3, 5])
  expect([...(await readRule(checkpoint, turned, signal))]).toEqual([0, 1, 2, 3, 4, 5])
})

describe('gaps and repeats', () => {
  const cases: readonly (readonly [string, readonly number[], readonly number[]])[] = [
    ['a slice of columns', [2, 2], [3, 1]],
    ['every second element', [3], [2]],
    ['a repeated row', [3, 2], [0, 1]],
    ['overlapping rows', [3, 3], [1, 1]],
    ['a repeated element', [4], [0]],
  ]
  test.each(cases)('are refused, when asked for: %s', async (_, shape, strides) => {
    const { checkpoint, rows } = await viewed(6, 0, shape, strides)
    expect(storageOrder(shape, strides)).toBeNull()
    const problem = `pytorch_model.bin: tensor "a": is a view [${shape}] whose elements lie [${strides}] apart`
    await expect(rows(0, 1)).rejects.toThrow(problem)
    const rule: WeightRule = { name: 'm', kind: 'float', shape, sources: [{ tensor: 'a', shape }] }
    expect(() => checkTensors(checkpoint, [rule], [])).toThrow(problem)
    checkTensors(checkpoint, [], [/^a$/])
  })
})
