import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type AttentionDecodeOptions,
  attentionDecode,
  attentionDecodeGroups,
  attentionMerge,
  attentionMergeGroups,
  attentionPartialElements,
} from '../../shared/compiler/kernels/attentionDecode.ts'
import type { LibraryTarget } from '../../shared/compiler/kernels/target.ts'
import { type ReferenceScores, referenceAttention, referenceCache } from '../reference/attention.ts'
import {
  alibiSlopes,
  maxDifference,
  packCache,
  roundToCache,
  runnableTargets,
  testDevice,
} from '../support/attention.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'

interface Case extends ReferenceScores {
  readonly heads: number
  readonly kvHeads: number
  readonly headSize: number
  readonly length: number
  readonly capacity: number
  readonly window: number
  readonly sink: number
  readonly splitKeys: number | null
}

const noWindow = 2 ** 31 - 1
const usual = { scale: 0.25, alibiSlopes: null }
const plain = { ...usual, window: noWindow, sink: 0, splitKeys: null }
const cases: readonly Case[] = [
  { heads: 6, kvHeads: 6, headSize: 48, length: 1, capacity: 16, ...plain },
  { heads: 6, kvHeads: 6, headSize: 48, length: 255, capacity: 256, ...plain },
  { heads: 3, kvHeads: 1, headSize: 4, length: 7, capacity: 16, ...plain },
  { heads: 2, kvHeads: 1, headSize: 80, length: 300, capacity: 304, ...plain },
  { heads: 2, kvHeads: 2, headSize: 256, length: 40, capacity: 64, ...plain },
  { heads: 8, kvHeads: 2, headSize: 96, length: 513, capacity: 528, ...plain, splitKeys: 256 },
  { heads: 16, kvHeads: 1, headSize: 128, length: 129, capacity: 144, ...plain, splitKeys: 64 },
  { heads: 3, kvHeads: 1, headSize: 20, length: 100, capacity: 112, ...plain, splitKeys: 31 },
  // Windows: not yet full, full but the ring not yet round, round, round many times, and with a sink.
  { heads: 4, kvHeads: 2, headSize: 16, length: 20, capacity: 48, window: 24, sink: 0, splitKeys: null, ...usual },
  { heads: 4, kvHeads: 2, headSize: 16, length: 40, capacity: 48, window: 24, sink: 0, splitKeys: null, ...usual },
  { heads: 4, kvHeads: 2, headSize: 16, length: 61, capacity: 48, window: 24, sink: 0, splitKeys: null, ...usual },
  { heads: 4, kvHeads: 2, headSize: 16, length: 517, capacity: 48, window: 24, sink: 4, splitKeys: null, ...usual },
  { heads: 4, kvHeads: 1, headSize: 16, length: 517, capacity: 96, window: 64, sink: 4, splitKeys: 16, ...usual },
]

// Any scale, and ALiBi: heads of their own and shared, power of two and not, whole, split and in a ring behind a sink.
const alibiCases: readonly Case[] = [
  { heads: 112, kvHeads: 112, headSize: 8, length: 40, capacity: 48, ...plain, alibiSlopes: alibiSlopes(112) },
  { heads: 5, kvHeads: 5, headSize: 32, length: 300, capacity: 304, ...plain, scale: 1, alibiSlopes: alibiSlopes(5) },
  {
    heads: 8,
    kvHeads: 2,
    headSize: 64,
    length: 300,
    capacity: 304,
    ...plain,
    alibiSlopes: alibiSlopes(8),
    splitKeys: 64,
  },
  {
    ...{ heads: 6, kvHeads: 1, headSize: 20, length: 517, capacity: 96, window: 64, sink: 4, splitKeys: 50 },
    ...{ scale: 0.5, alibiSlopes: alibiSlopes(6) },
  },
]

/** Runs the kernels as the graph does: one launch, or split and merge. */
async function runDecode(target: LibraryTarget, shape: Case, seed: number) {
  const next = randomSource(seed)
  const { heads, kvHeads, headSize, scale, alibiSlopes, length, capacity, window, sink, splitKeys } = shape
  const query = randomFloats(heads * headSize, next, 2)
  const keys = roundToCache(randomFloats(length * kvHeads * headSize, next), target)
  const values = roundToCache(randomFloats(length * kvHeads * headSize, next), target)
  const expected = referenceAttention(shape, shape, length - 1, query, keys, values)
  const device = await testDevice()
  const cache = (rows: Float32Array<ArrayBuffer>) => packCache(referenceCache(rows, shape, capacity, sink), target)
  const split = splitKeys === null ? null : { keys: splitKeys }
  const options: AttentionDecodeOptions = {
    name: 'attention_decode',
    target,
    heads,
    kvHeads,
    headSize,
    scale,
    alibiSlopes,
    split,
  }
  const splits = Math.ceil(Math.min(length, capacity) / (splitKeys ?? capacity))
  const outputs = split === null ? heads * headSize : splits * attentionPartialElements(options)
  const first = await runKernel(device, attentionDecode(options), {
    buffers: [query, cache(keys), cache(values), outputs * 4],
    scalars: [length, capacity, window, sink],
    grid: [attentionDecodeGroups(options), splits],
  })
  if (split === null) return { expected, seen: new Float32Array(first.out as ArrayBuffer, 0, heads * headSize) }
  const merged = await runKernel(device, attentionMerge({ ...options, name: 'attention_merge' }), {
    buffers: [new Float32Array(first.partial as ArrayBuffer), heads * headSize * 4],
    scalars: [splits],
    grid: [attentionMergeGroups(options)],
  })
  return { expected, seen: new Float32Array(merged.out as ArrayBuffer, 0, heads * headSize) }
}

// Values are of order 1 and an output is their mean, so rounding shows as a few float32 steps; scores of up to about 30 carry theirs into exp.
const tolerance = 2e-5

test.each([
  { name: 'plainly', shapes: cases },
  { name: 'with any scale and ALiBi', shapes: alibiCases },
])(
  'one token attends the cache as the reference does, whatever the heads, the length, the window and the split, $name',
  async ({ shapes }) => {
    for (const target of await runnableTargets()) {
      for (const [index, shape] of shapes.entries()) {
        const { expected, seen } = await runDecode(target, shape, index + 1)
        expect(maxDifference(seen, expected), `${target} ${JSON.stringify(shape)}`).toBeLessThan(tolerance)
      }
    }
  },
)

test('random heads, lengths, windows and splits agree with the reference', async () => {
  const targets = await runnableTargets()
  const seed = Date.now() % 1_000_000
  console.log(`seed ${seed}`)
  // Heads and splits are drawn from a few, so that pipelines are compiled once; the rest is free.
  const shapes = fc
    .record({
      target: fc.constantFrom(...targets),
      heads: fc.constantFrom(
        { heads: 7, kvHeads: 1, headSize: 20, ...usual },
        { heads: 4, kvHeads: 2, headSize: 36, scale: 0.1, alibiSlopes: alibiSlopes(4) },
      ),
      length: fc.integer({ min: 1, max: 330 }),
      window: fc.option(fc.integer({ min: 2, max: 80 }), { nil: null }),
      sink: fc.integer({ min: 0, max: 8 }),
      chunk: fc.integer({ min: 1, max: 16 }),
      splitKeys: fc.constantFrom(null, 50),
      seed: fc.nat(),
    })
    .map(({ window, sink, chunk, heads, ...rest }) => ({
      ...rest,
      ...heads,
      window: window ?? noWindow,
      sink: window === null ? 0 : Math.min(sink, window - 1),
      capacity: window === null ? rest.length : window + chunk,
    }))
  await fc.assert(
    fc.asyncProperty(shapes, async (shape) => {
      const { expected, seen } = await runDecode(shape.target, shape, shape.seed)
      expect(maxDifference(seen, expected)).toBeLessThan(tolerance)
    }),
    { seed, numRuns: 25 },
  )
})

test('scores far apart neither overflow nor lose the largest', async () => {
  for (const target of await runnableTargets()) {
    const options = {
      name: 'attention_decode',
      target,
      heads: 1,
      kvHeads: 1,
      headSize: 4,
      scale: 0.5,
      alibiSlopes: null,
      split: null,
    }
    const { out } = await runKernel(await testDevice(), attentionDecode(options), {
      buffers: [
        new Float32Array([200, 0, 0, 0]),
        packCache(new Float32Array([-50, 0, 0, 0, 100, 0, 0, 0, 99, 0, 0, 0]), target),
        packCache(new Float32Array([1, 1, 1, 1, 2, 3, 4, 5, 9, 9, 9, 9]), target),
        16,
      ],
      scalars: [3, 16, noWindow, 0],
      grid: [1],
    })
    expect([...new Float32Array(out as ArrayBuffer, 0, 4)]).toEqual([2, 3, 4, 5])
  }
})

test('heads no kernel can serve are refused with their numbers', () => {
  const options = { name: 'attention_decode', target: 'portable', split: null, ...usual } as const
  expect(() => attentionDecode({ ...options, heads: 6, kvHeads: 4, headSize: 64 })).toThrow('6 heads, 4 KV heads')
  expect(() => attentionDecode({ ...options, heads: 4, kvHeads: 4, headSize: 6 })).toThrow('head size 6')
  expect(() => attentionDecode({ ...options, heads: 4, kvHeads: 4, headSize: 260 })).toThrow('head size 260')
  const four = { ...options, heads: 4, kvHeads: 4, headSize: 8 }
  expect(() => attentionDecode({ ...four, alibiSlopes: [1, 2, 3] })).toThrow('3 ALiBi slopes for 4 heads')
  expect(() => attentionDecode({ ...four, scale: Number.NaN })).toThrow('scale NaN')
})
