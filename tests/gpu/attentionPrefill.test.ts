import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attentionPrefill, attentionPrefillTile } from '../../shared/compiler/kernels/attentionPrefill.ts'
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
  readonly tokens: number
  readonly position: number
  readonly capacity: number
  readonly window: number
  readonly sink: number
}

const noWindow = 2 ** 31 - 1
const usual = { scale: 0.25, alibiSlopes: null }
const plain = { ...usual, window: noWindow, sink: 0 }
const cases: readonly Case[] = [
  { heads: 6, kvHeads: 6, headSize: 48, tokens: 67, position: 0, capacity: 80, ...plain },
  { heads: 4, kvHeads: 2, headSize: 64, tokens: 33, position: 100, capacity: 144, ...plain },
  { heads: 3, kvHeads: 1, headSize: 4, tokens: 2, position: 5, capacity: 16, ...plain },
  { heads: 2, kvHeads: 1, headSize: 80, tokens: 9, position: 127, capacity: 136, ...plain },
  { heads: 1, kvHeads: 1, headSize: 256, tokens: 40, position: 3, capacity: 64, ...plain },
  // Windows: within the first turn of the ring, across its seam, and after many turns; with and without a sink.
  { heads: 4, kvHeads: 2, headSize: 16, tokens: 24, position: 20, capacity: 48, window: 24, sink: 0, ...usual },
  { heads: 4, kvHeads: 2, headSize: 16, tokens: 24, position: 40, capacity: 48, window: 24, sink: 4, ...usual },
  { heads: 2, kvHeads: 1, headSize: 16, tokens: 37, position: 517, capacity: 80, window: 40, sink: 4, ...usual },
]

// Any scale, and ALiBi: many heads, heads that share keys, and a ring behind a sink.
const alibiCases: readonly Case[] = [
  { heads: 71, kvHeads: 1, headSize: 8, tokens: 5, position: 30, capacity: 40, ...plain, alibiSlopes: alibiSlopes(71) },
  {
    heads: 6,
    kvHeads: 6,
    headSize: 48,
    tokens: 67,
    position: 9,
    capacity: 80,
    ...plain,
    scale: 0.3,
    alibiSlopes: alibiSlopes(6),
  },
  {
    ...{ heads: 4, kvHeads: 2, headSize: 16, tokens: 37, position: 517, capacity: 80, window: 40, sink: 4 },
    ...{ scale: 0.5, alibiSlopes: alibiSlopes(4) },
  },
]

async function runPrefill(target: LibraryTarget, shape: Case, seed: number) {
  const next = randomSource(seed)
  const { heads, kvHeads, headSize, scale, alibiSlopes, tokens, position, capacity, window, sink } = shape
  const rows = (position + tokens) * kvHeads * headSize
  const query = randomFloats(tokens * heads * headSize, next, 2)
  const keys = roundToCache(randomFloats(rows, next), target)
  const values = roundToCache(randomFloats(rows, next), target)
  const expected = referenceAttention(shape, shape, position, query, keys, values)
  const options = { name: 'attention_prefill', target, heads, kvHeads, headSize, scale, alibiSlopes }
  const { out } = await runKernel(await testDevice(), attentionPrefill(options), {
    buffers: [
      query,
      packCache(referenceCache(keys, shape, capacity, sink), target),
      packCache(referenceCache(values, shape, capacity, sink), target),
      query.byteLength,
    ],
    scalars: [tokens, position, capacity, window, sink],
    grid: [heads, Math.ceil(tokens / attentionPrefillTile(options).queries)],
  })
  return { expected, seen: new Float32Array(out as ArrayBuffer, 0, query.length) }
}

// Values are of order 1 and an output is their mean, so rounding shows as a few float32 steps; scores of up to about 30 carry theirs into exp.
const tolerance = 2e-5

test.each([
  { name: 'plainly', shapes: cases },
  { name: 'with any scale and ALiBi', shapes: alibiCases },
])(
  'a chunk of tokens attends what came before and itself as the reference does, across rings and sinks too, $name',
  async ({ shapes }) => {
    for (const target of await runnableTargets()) {
      for (const [index, shape] of shapes.entries()) {
        const { expected, seen } = await runPrefill(target, shape, index + 1)
        expect(maxDifference(seen, expected), `${target} ${JSON.stringify(shape)}`).toBeLessThan(tolerance)
      }
    }
  },
)

test('random chunks, windows and rings agree with the reference', async () => {
  const targets = await runnableTargets()
  const seed = Date.now() % 1_000_000
  console.log(`seed ${seed}`)
  // Heads are drawn from a few, so that pipelines are compiled once; the rest is free.
  const shapes = fc
    .record({
      target: fc.constantFrom(...targets),
      heads: fc.constantFrom(
        { heads: 3, kvHeads: 1, headSize: 20, ...usual },
        { heads: 4, kvHeads: 2, headSize: 36, scale: 0.1, alibiSlopes: alibiSlopes(4) },
      ),
      tokens: fc.integer({ min: 1, max: 70 }),
      position: fc.integer({ min: 0, max: 200 }),
      window: fc.option(fc.integer({ min: 2, max: 80 }), { nil: null }),
      sink: fc.integer({ min: 0, max: 8 }),
      slack: fc.integer({ min: 0, max: 16 }),
      seed: fc.nat(),
    })
    .map(({ window, sink, slack, heads, ...rest }) => ({
      ...rest,
      ...heads,
      window: window ?? noWindow,
      sink: window === null ? 0 : Math.min(sink, window - 1),
      capacity: (window ?? rest.position) + rest.tokens + slack,
    }))
  await fc.assert(
    fc.asyncProperty(shapes, async (shape) => {
      const { expected, seen } = await runPrefill(shape.target, shape, shape.seed)
      expect(maxDifference(seen, expected)).toBeLessThan(tolerance)
    }),
    { seed, numRuns: 24 },
  )
})
