import { expect, test } from 'vitest'
import { applyPenalty } from '../../shared/compiler/kernels/applyPenalty.ts'
import { referencePenalty } from '../reference/sampling.ts'
import { testDevice } from '../support/attention.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'

test('listed tokens are penalized by presence, count and repetition, the others stay', async () => {
  const vocabulary = 1003
  const logits = randomFloats(vocabulary, randomSource(2), 5)
  const ids = Int32Array.from({ length: 130 }, (_, i) => i * 7)
  const counts = Int32Array.from(ids, (_, i) => 1 + (i % 4))
  for (const penalties of [
    [0.5, 0.25, 1.3],
    [0, 0, 1],
    [-0.5, 0, 0.8],
  ] as const) {
    const { logits: changed } = await runKernel(await testDevice(), applyPenalty({ name: 'penalty', vocabulary }), {
      buffers: [logits, ids, counts, new Float32Array(penalties)],
      scalars: [ids.length],
      grid: [Math.ceil(ids.length / 64)],
    })
    const expected = Float32Array.from(logits, (logit, id) =>
      id % 7 === 0 && id / 7 < 130 ? referencePenalty(logit, counts[id / 7] as number, penalties) : logit,
    )
    const seen = new Float32Array(changed as ArrayBuffer, 0, vocabulary)
    // One rounding per operation, at magnitudes of up to about 30.
    seen.forEach((value, id) => {
      expect(Math.abs(value - (expected[id] as number)), `${id}`).toBeLessThan(1e-5)
    })
  }
})

test('ids outside the vocabulary change nothing', async () => {
  const logits = new Float32Array([1, 2, 3])
  const { logits: changed } = await runKernel(await testDevice(), applyPenalty({ name: 'penalty', vocabulary: 3 }), {
    buffers: [logits, new Int32Array([-1, 3, 2 ** 31 - 1]), new Int32Array([1, 1, 1]), new Float32Array([1, 1, 2])],
    scalars: [3],
    grid: [1],
  })
  expect([...new Float32Array(changed as ArrayBuffer, 0, 3)]).toEqual([1, 2, 3])
})
