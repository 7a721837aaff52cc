import { expect, test } from 'vitest'
import type { RopeSpec } from '../../shared/compiler/architectures/spec.ts'
import { append, appendItemsPerToken } from '../../shared/compiler/kernels/append.ts'
import { ropeTable } from '../../shared/compiler/kernels/rope.ts'
import { referenceCache, referenceRope } from '../reference/attention.ts'
import { maxDifference, runnableTargets, testDevice, unpackCache } from '../support/attention.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'

const rope = (size: number, pairing: RopeSpec['pairing'] = 'halves'): RopeSpec => ({
  theta: 10_000,
  size,
  pairing,
  scaling: { kind: 'none' },
})
const start = { tokens: 5, position: 0, capacity: 16, sink: 0, clip: null }
const cases = [
  { heads: 6, kvHeads: 6, headSize: 48, ...start, rope: rope(48) },
  { heads: 3, kvHeads: 1, headSize: 4, ...start, tokens: 3, position: 30, capacity: 48, rope: rope(4) },
  { heads: 4, kvHeads: 2, headSize: 20, ...start, tokens: 20, position: 3990, capacity: 4096, rope: rope(20) },
  // A ring: 20 tokens that pass its seam, behind a sink of 4.
  { heads: 4, kvHeads: 2, headSize: 64, tokens: 20, position: 70, capacity: 48, sink: 4, clip: null, rope: rope(64) },
  // Part of a head, pairs of neighbours, both, no rotation; and clipped.
  { heads: 4, kvHeads: 4, headSize: 80, ...start, position: 9, rope: rope(32) },
  { heads: 5, kvHeads: 1, headSize: 64, ...start, position: 7, rope: rope(64, 'neighbours'), clip: 0.5 },
  { heads: 2, kvHeads: 2, headSize: 256, ...start, position: 3, rope: rope(2, 'neighbours'), clip: 1.25 },
  { heads: 112, kvHeads: 112, headSize: 8, ...start, position: 5, rope: null },
  { heads: 1, kvHeads: 1, headSize: 12, ...start, position: 6, rope: null, clip: 2 },
] as const

test('queries and keys turn with their positions, and keys and values land in the rows of the cache', async () => {
  for (const target of await runnableTargets()) {
    for (const shape of cases) {
      const { heads, kvHeads, headSize, tokens, position, capacity, sink, clip } = shape
      const width = (heads + 2 * kvHeads) * headSize
      const qkv = randomFloats(tokens * width, randomSource(headSize), 1)
      const columns = (from: number, count: number) =>
        Array.from({ length: tokens }, (_, t) => [
          ...qkv.subarray(t * width + from * headSize, t * width + (from + count) * headSize),
        ])
          .flat()
          .map((value) => (clip === null ? value : Math.min(clip, Math.max(-clip, value))))
      const table = shape.rope === null ? null : ropeTable(shape.rope, 4096)
      const turned = (values: readonly number[], count: number) =>
        shape.rope === null ? values : referenceRope(values, { heads: count, headSize }, position, shape.rope)
      const rotation = shape.rope === null || table === null ? null : { ...shape.rope, shift: table.shift }
      const options = { name: 'append', target, heads, kvHeads, headSize, rope: rotation, clip }
      const elementBytes = target === 'half' ? 2 : 4
      const cacheBytes = kvHeads * capacity * headSize * elementBytes
      const result = await runKernel(await testDevice(), append(options), {
        buffers: [qkv, ...(table === null ? [] : [table.bytes]), tokens * heads * headSize * 4, cacheBytes, cacheBytes],
        scalars: [tokens, position, capacity, sink],
        grid: [tokens * Math.ceil(appendItemsPerToken(options) / 256)],
      })
      const query = new Float32Array(result.query as ArrayBuffer, 0, tokens * heads * headSize)
      const wantedQuery = turned(columns(0, heads), heads)
      // Rows never written must still be 0: the reference appends zeros for the earlier positions.
      const earlier = new Float32Array(position * kvHeads * headSize)
      const cacheOf = (rows: ArrayLike<number>) =>
        referenceCache([...earlier, ...Array.from(rows)], shape, capacity, sink)
      const wantedKeys = cacheOf(turned(columns(heads, kvHeads), kvHeads))
      const wantedValues = cacheOf(columns(heads + kvHeads, kvHeads))
      const cacheSeen = (buffer: ArrayBuffer | undefined) =>
        unpackCache((buffer as ArrayBuffer).slice(0, cacheBytes), target)
      const label = `${target} ${JSON.stringify(shape)}`
      // Angles are exact to float32 steps of cosine and sine (6e-8 each); a half-precision cache rounds values of up to 4 to 2^-9.
      expect(maxDifference(query, wantedQuery), label).toBeLessThan(2e-6)
      const cacheTolerance = target === 'half' ? 2 ** -9 : 2e-6
      expect(maxDifference(cacheSeen(result.keys), wantedKeys), label).toBeLessThan(cacheTolerance)
      expect(maxDifference(cacheSeen(result.values), wantedValues), label).toBeLessThan(
        target === 'half' ? 2 ** -9 : 1e-12,
      )
    }
  }
})

test('rotations and clips that cannot be are refused with their numbers', () => {
  const options = {
    name: 'append',
    target: 'portable',
    heads: 4,
    kvHeads: 2,
    headSize: 8,
    rope: null,
    clip: null,
  } as const
  const turn = { pairing: 'halves', shift: 4 } as const
  expect(() => append({ ...options, rope: { ...turn, size: 10 } })).toThrow('rotation of 10 elements')
  expect(() => append({ ...options, rope: { ...turn, size: 3 } })).toThrow('rotation of 3 elements')
  expect(() => append({ ...options, clip: 0 })).toThrow('clip 0')
  expect(() => append({ ...options, kvHeads: 3 })).toThrow('4 heads, 3 KV heads')
})
