import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sampleTopP } from '../../shared/compiler/kernels/sampleTopP.ts'
import type { LibraryTarget } from '../../shared/compiler/kernels/target.ts'
import { chiSquare, referenceArgmax, referenceNucleus, referenceSoftmax } from '../reference/sampling.ts'
import { runnableTargets, testDevice } from '../support/attention.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { type Draw, drawTokens } from '../support/sampling.ts'

async function draw(target: LibraryTarget, probs: Float32Array<ArrayBuffer>, draws: readonly Draw[]) {
  return drawTokens(await testDevice(), sampleTopP({ name: 'sample', target, vocabulary: probs.length }), probs, draws)
}

function randomProbs(vocabulary: number, seed: number, spread = 3): Float32Array<ArrayBuffer> {
  return new Float32Array(referenceSoftmax(randomFloats(vocabulary, randomSource(seed), spread), 1))
}

/** web-llm's generator: the n-th uniform number of a seed. */
function webLlmUniform(seed: number, step: number): number {
  let state = seed
  for (let i = 0; i <= step; i++) state = (48_271 * state) % (2 ** 31 - 1)
  return state / (2 ** 31 - 1)
}

test('draws fall as the probabilities within the nucleus say, and never outside it', async () => {
  const seed = Date.now() % 1_000_000
  console.log(`seed ${seed}`)
  for (const target of await runnableTargets()) {
    for (const topP of [1, 0.9, 0.3]) {
      const next = randomSource(seed)
      const probs = randomProbs(601, 3)
      const nucleus = referenceNucleus(probs, topP)
      const total = nucleus.ids.reduce((sum, id) => sum + (probs[id] as number), 0)
      const draws = Array.from({ length: 3000 }, (_, position) => ({ uniform: next(), topP, position }))
      const counts = new Map<number, number>()
      for (const id of await draw(target, probs, draws)) counts.set(id, (counts.get(id) ?? 0) + 1)
      expect([...counts.keys()].filter((id) => !nucleus.ids.includes(id))).toEqual([])
      const wanted = new Map(nucleus.ids.map((id) => [id, (probs[id] as number) / total]))
      const { statistic, degrees } = chiSquare(counts, wanted)
      // Six standard deviations: a right sampler fails once in about 10^8 runs.
      expect(statistic, `${target} top_p ${topP}`).toBeLessThan(degrees + 6 * Math.sqrt(2 * degrees) + 10)
    }
  }
})

test('small seeds do not all draw the same token', async () => {
  for (const target of await runnableTargets()) {
    const probs = randomProbs(32_003, 4, 1)
    const draws = Array.from({ length: 60 }, (_, i) => ({ uniform: webLlmUniform(i + 1, 0), topP: 1, position: 12 }))
    const seen = new Set(await draw(target, probs, draws))
    // With so flat a distribution 60 draws hardly ever meet.
    expect(seen.size, target).toBeGreaterThan(50)
  }
})

test('equal inputs give an equal token, and the position changes it', async () => {
  for (const target of await runnableTargets()) {
    const probs = randomProbs(5001, 5, 1)
    const same = await draw(target, probs, Array(5).fill({ uniform: 0.25, topP: 0.95, position: 7 }))
    expect(new Set(same).size).toBe(1)
    const moved = await draw(
      target,
      probs,
      Array.from({ length: 20 }, (_, position) => ({ uniform: 0.25, topP: 0.95, position })),
    )
    expect(new Set(moved).size).toBeGreaterThan(10)
  }
})

test('the nucleus is exact: every member and nobody else can be drawn, equal probabilities by lowest id', async () => {
  for (const target of await runnableTargets()) {
    const flat = new Float32Array(1000).fill(0.001)
    const draws = Array.from({ length: 400 }, (_, position) => ({ uniform: position / 400, topP: 0.0055, position }))
    expect([...new Set(await draw(target, flat, draws))].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5])
    const steps = new Float32Array([0.05, 0.4, 0, 0.25, 0.25, 0.05])
    const seenAt = async (topP: number) => {
      const tokens = await draw(
        target,
        steps,
        draws.map((one) => ({ ...one, topP })),
      )
      return [...new Set(tokens)].sort((a, b) => a - b)
    }
    expect(await seenAt(0)).toEqual([1])
    expect(await seenAt(0.39)).toEqual([1])
    expect(await seenAt(0.6)).toEqual([1, 3])
    expect(await seenAt(0.7)).toEqual([1, 3, 4])
    expect(await seenAt(0.92)).toEqual([0, 1, 3, 4])
    expect(await seenAt(1)).toEqual([0, 1, 3, 4, 5])
    expect(await seenAt(2)).toEqual([0, 1, 3, 4, 5])
  }
})

test('random distributions, tied and not, only ever give members of the nucleus', async () => {
  const targets = await runnableTargets()
  const seed = Date.now() % 1_000_000
  console.log(`seed ${seed}`)
  const runs = fc.record({
    target: fc.constantFrom(...targets),
    topP: fc.double({ min: 0, max: 1, noNaN: true }),
    levels: fc.integer({ min: 1, max: 30 }),
    seed: fc.nat(),
  })
  await fc.assert(
    fc.asyncProperty(runs, async ({ target, topP, levels, seed: each }) => {
      const next = randomSource(each)
      const weights = Float64Array.from(
        { length: 1501 },
        () => Math.floor(next() * levels) ** 4 + (levels === 1 ? 1 : 0),
      )
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const probs = Float32Array.from(weights, (weight) => weight / total)
      const rounded = Math.fround(topP)
      const nucleus = new Set(referenceNucleus(probs, rounded + 1e-6).ids)
      const draws = Array.from({ length: 40 }, (_, position) => ({ uniform: next(), topP: rounded, position }))
      for (const id of await draw(target, probs, draws)) expect(nucleus.has(id)).toBe(true)
    }),
    { seed, numRuns: 20 },
  )
})

test('one certain token is drawn at any top_p, in vocabularies of any size', async () => {
  for (const target of await runnableTargets()) {
    for (const [vocabulary, id] of [
      [1, 0],
      [255, 254],
      [32_003, 777],
      [262_145, 262_144],
    ] as const) {
      const probs = new Float32Array(vocabulary)
      probs[id] = 1
      const tokens = await draw(
        target,
        probs,
        [0, 0.5, 1].map((topP) => ({ uniform: 0.999_999_9, topP, position: 3 })),
      )
      expect([...tokens], `${target} ${vocabulary}`).toEqual([id, id, id])
    }
  }
})

test('at top_p 0 the largest is drawn from a large vocabulary', async () => {
  for (const target of await runnableTargets()) {
    const probs = randomProbs(50_257, 6)
    const draws = Array.from({ length: 20 }, (_, position) => ({ uniform: position / 20, topP: 0, position }))
    expect(new Set(await draw(target, probs, draws))).toEqual(new Set([referenceArgmax(probs)]))
  }
})

test('probabilities that are none give token -1', async () => {
  for (const target of await runnableTargets()) {
    for (const poison of [Number.NaN, -1, Number.POSITIVE_INFINITY, null]) {
      const probs = poison === null ? new Float32Array(300) : randomProbs(300, 8)
      if (poison !== null) probs[299] = poison
      for (const topP of [0.9, 1]) {
        expect([...(await draw(target, probs, [{ uniform: 0.5, topP, position: 0 }]))], `${poison}`).toEqual([-1])
      }
    }
  }
})
