import { expect, test } from 'vitest'
import { ropeTable } from '../../shared/compiler/kernels/rope.ts'
import { ropeAppend, ropeAppendItemsPerToken } from '../../shared/compiler/kernels/ropeAppend.ts'
import { referenceCache, referenceRope } from '../reference/attention.ts'
import { maxDifference, runnableTargets, testDevice, unpackCache } from '../support/attention.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'

const cases = [
  { heads: 6, kvHeads: 6, headSize: 48, tokens: 5, position: 0, capacity: 16, sink: 0 },
  { heads: 3, kvHeads: 1, headSize: 4, tokens: 3, position: 30, capacity: 48, sink: 0 },
  { heads: 4, kvHeads: 2, headSize: 20, tokens: 20, position: 3990, capacity: 4096, sink: 0 },
  // A ring: 20 tokens that pass its seam, behind a sink of 4.
  { heads: 4, kvHeads: 2, headSize: 64, tokens: 20, position: 70, capacity: 48, sink: 4 },
] as const

test('queries and keys turn with their positions, and keys and values land in the rows of the cache', async () => {
  for (const target of await runnableTargets()) {
    for (const shape of cases) {
      const { heads, kvHeads, headSize, tokens, position, capacity, sink } = shape
      const width = (heads + 2 * kvHeads) * headSize
      const qkv = randomFloats(tokens * width, randomSource(headSize), 1)
      const columns = (from: number, count: number) =>
        Array.from({ length: tokens }, (_, t) => [
          ...qkv.subarray(t * width + from * headSize, t * width + (from + count) * headSize),
        ]).flat()
      const table = ropeTable({ kind: 'rope', theta: 10_000, scaling: { kind: 'none' } }, headSize, 4096)
      const options = { name: 'rope_append', target, heads, kvHeads, headSize, ropeShift: table.shift }
      const elementBytes = target === 'half' ? 2 : 4
      const cacheBytes = kvHeads * capacity * headSize * elementBytes
      const result = await runKernel(await testDevice(), ropeAppend(options), {
        buffers: [qkv, table.bytes, tokens * heads * headSize * 4, cacheBytes, cacheBytes],
        scalars: [tokens, position, capacity, sink],
        grid: [tokens * Math.ceil(ropeAppendItemsPerToken(options) / 256)],
      })
      const query = new Float32Array(result.query as ArrayBuffer, 0, tokens * heads * headSize)
      const wantedQuery = referenceRope(columns(0, heads), heads, headSize, position, 10_000)
      // Rows never written must still be 0: the reference appends zeros for the earlier positions.
      const earlier = new Float32Array(position * kvHeads * headSize)
      const cacheOf = (rows: ArrayLike<number>) =>
        referenceCache([...earlier, ...Array.from(rows)], shape, capacity, sink)
      const wantedKeys = cacheOf(referenceRope(columns(heads, kvHeads), kvHeads, headSize, position, 10_000))
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
