import { expect, test } from 'vitest'
import { softmaxTemperature } from '../../shared/compiler/kernels/softmax.ts'
import type { LibraryTarget } from '../../shared/compiler/kernels/target.ts'
import { referenceArgmax, referenceSoftmax } from '../reference/sampling.ts'
import { maxDifference, runnableTargets, testDevice } from '../support/attention.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runSoftmax } from '../support/sampling.ts'

const lowest = -3.4028234663852886e38

async function run(target: LibraryTarget, logits: Float32Array<ArrayBuffer>, temperature: number) {
  const softmax = softmaxTemperature({ name: 'softmax', target, vocabulary: logits.length })
  return runSoftmax(await testDevice(), softmax, logits, temperature)
}

test('probabilities are those of the definition, for vocabularies below and beyond a block and odd ones', async () => {
  for (const target of await runnableTargets()) {
    for (const vocabulary of [1, 7, 1024, 32_003, 262_145]) {
      const logits = randomFloats(vocabulary, randomSource(vocabulary), 4)
      for (const temperature of [1, 0.3, 5]) {
        const seen = await run(target, logits, temperature)
        // exp is allowed a few float32 steps plus one per unit of its argument, here up to about 90: 1e-5 of the probability, itself at most 1.
        expect(maxDifference(seen, referenceSoftmax(logits, temperature)), `${target} ${vocabulary}`).toBeLessThan(1e-5)
        expect(seen.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5)
      }
    }
  }
})

test("web-llm's temperature for 0 gives the largest logit alone, the lowest id among equals, however near the others are", async () => {
  for (const target of await runnableTargets()) {
    const logits = randomFloats(32_003, randomSource(5), 4)
    const best = referenceArgmax(logits)
    const near = logits[best] as number
    logits[best === 20_000 ? 20_001 : 20_000] = near - 1e-6 * near
    logits[32_002] = near
    const seen = await run(target, logits, 1e-6)
    expect([seen[best], seen.reduce((sum, p) => sum + p, 0)]).toEqual([1, 1])
  }
})

test('forbidden tokens get nothing: minus infinity, the lowest float, and those a penalty pushed below it', async () => {
  for (const target of await runnableTargets()) {
    for (const temperature of [0.01, 1, 100]) {
      const seen = await run(target, new Float32Array([Number.NEGATIVE_INFINITY, 1, lowest, 1, lowest]), temperature)
      expect([...seen]).toEqual([0, 0.5, 0, 0.5, 0])
    }
  }
})

test('a NaN or an infinity anywhere makes every probability -1', async () => {
  for (const target of await runnableTargets()) {
    for (const poison of [Number.NaN, Number.POSITIVE_INFINITY]) {
      for (const temperature of [1e-6, 1]) {
        const logits = randomFloats(5003, randomSource(9), 4)
        logits[4999] = poison
        expect((await run(target, logits, temperature)).every((p) => p === -1)).toBe(true)
      }
    }
  }
})
