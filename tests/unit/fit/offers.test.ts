// What is offered in place of a model that does not fit, and whether an installed one can be loaded.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { problemText } from '../../../renderer/views/problems/problemText.ts'
import { configOf, familyOf, variantNamed, variants } from '../../../shared/catalog/catalog.ts'
import { requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import { chooseContext } from '../../../shared/compiler/contextChoice.ts'
import { libraryTargets } from '../../../shared/compiler/kernels/target.ts'
import { makeLibrary } from '../../../shared/compiler/makeLibrary.ts'
import { needsOfModel, offersFor, verdictOf, verdictOfConfig } from '../../../shared/fit/catalog.ts'
import { loadProblem, memoryOfLoaded, sampleOf, speedOfLoaded } from '../../../shared/fit/load.ts'
import { bytesPerToken, memoryAt } from '../../../shared/fit/needs.ts'
import { judgeFit, type Machine } from '../../../shared/fit/verdict.ts'
import type { LibraryNeeds } from '../../../shared/model.ts'
import { manifestOf } from '../../support/models.ts'
import { readRuntime } from '../../support/runtime.ts'

const machine: Machine = {
  target: 'half',
  memoryBytes: 8e9,
  largestBufferBytes: 2 ** 30,
  bandwidthBytesPerSecond: 1e11,
}
const runtime = await readRuntime()

test('nothing is offered in place of what fits', () => {
  expect(offersFor(required('llama-2-7b-hf'), { ...machine, memoryBytes: 24e9 })).toEqual([])
})

test('a smaller context comes first, then the largest smaller members of the family that fit, of the same kind', () => {
  const tight = offersFor(required('llama-2-7b-hf'), { ...machine, memoryBytes: 5e9 })
  expect(tight[0]).toMatchObject({ kind: 'smaller-context', contextTokens: expect.any(Number) })
  const offers = offersFor(required('llama-2-70b-chat-hf'), { ...machine, memoryBytes: 12e9 })
  expect(offers.map((offer) => (offer.kind === 'smaller-variant' ? offer.variant.id : offer.kind))).toEqual([
    'llama-2-13b-chat-hf',
    'llama-2-7b-chat-hf',
  ])
})

test('what is offered fits, on any machine', () => {
  const sizes = fc.double({ min: 1e8, max: 80e9, noNaN: true })
  fc.assert(
    fc.property(
      fc.constantFrom(...variants),
      sizes,
      fc.constantFrom(2 ** 27, 2 ** 28, 2 ** 30),
      (variant, memory, buffer) => {
        const here = { ...machine, memoryBytes: memory, largestBufferBytes: buffer }
        for (const offer of offersFor(variant, here)) {
          if (offer.kind === 'smaller-context') {
            expect(verdictOf(variant, here, offer.contextTokens)?.kind).toBe('fits')
          } else {
            expect(familyOf(offer.variant)).toBe(familyOf(variant))
            expect(offer.variant.parameters).toBeLessThan(variant.parameters ?? Infinity)
            expect(verdictOf(offer.variant, here)?.kind).not.toBe('does-not-fit')
          }
        }
      },
    ),
    { seed: 9, numRuns: 200 },
  )
})

test('no configuration, or one that Hearth does not compile, has no verdict', () => {
  expect(verdictOfConfig(null, machine)).toBeNull()
  expect(verdictOfConfig({ model_type: 'no such thing' }, machine)).toBeNull()
})

test.for(['llama-2-7b-hf', 'mistral-7b-v0.1', 'mamba-130m', 'chatglm-6b'])(
  'what the compiler writes into the manifest of %s is what is predicted without it',
  (id) => {
    const config = configOf(required(id)) ?? {}
    for (const target of libraryTargets) {
      const loaded = loadedPart(config)
      const needs = needsOfModel(config, target) ?? fail('it compiles')
      const predicted = memoryAt(needs, loaded.contextTokens)
      expect(memoryOfLoaded(loaded, target)).toBe(predicted.totalBytes)
      expect(loaded.needs?.[target].largestBufferBytes).toBe(predicted.largestBuffer.sizeBytes)
      const half = loaded.contextTokens / 2
      // Of working buffers only a few hundred kilobytes follow the context; the cache alone is counted.
      if (!needs.readsPromptWhole)
        expect(memoryOfLoaded(loaded, target, half) / memoryAt(needs, half).totalBytes).toBeCloseTo(1, 3)
      expect(loaded.needs?.[target].readBytesPerToken).toBe(Math.ceil(needs.weightsBytesPerToken))
    }
  },
)

test('a load that cannot fit is refused with numbers and the largest context that would', () => {
  const loaded = loadedPart(configOf(required('llama-2-7b-hf')) ?? {})
  const whole = memoryOfLoaded(loaded, 'half')
  expect(loadProblem(loaded, { ...machine, memoryBytes: whole })).toBeNull()
  const problem = loadProblem(loaded, { ...machine, memoryBytes: 5e9 })
  expect(problem).toMatchObject({ code: 'does-not-fit', what: 'memory', needBytes: whole, haveBytes: 5e9 })
  const smaller = problem?.contextTokens ?? fail('a smaller context would fit')
  const verdict = judgeFit(needsOfModel(configOf(required('llama-2-7b-hf')) ?? {}, 'half') ?? fail('it compiles'), {
    ...machine,
    memoryBytes: 5e9,
  })
  expect(verdict).toMatchObject({ kind: 'fits-with-smaller-context', contextTokens: smaller })
  expect(loadProblem(loaded, { ...machine, memoryBytes: 5e9 }, smaller)).toBeNull()
  expect(loadProblem(loaded, { ...machine, memoryBytes: 5e9 }, smaller + 256)).not.toBeNull()
  expect(loadProblem(loaded, { ...machine, memoryBytes: 1e9 })?.contextTokens).toBeNull()
  // Other models stay loaded.
  expect(loadProblem(loaded, { ...machine, memoryBytes: whole }, 4096, whole - 1)).toMatchObject({
    haveBytes: whole - 1,
  })
})

test('a buffer that the adapter cannot bind is told as such', () => {
  const loaded = loadedPart(configOf(required('llama-2-7b-hf')) ?? {})
  const problem = loadProblem(loaded, { ...machine, largestBufferBytes: 2 ** 20 })
  expect(problem).toMatchObject({ what: 'buffer', haveBytes: 2 ** 20, contextTokens: null })
  if (problem === null) return
  expect(problemText(problem).advice).toMatch(/a buffer of \d.* up to 1\.0 MB/)
})

test('a manifest of before is judged by its portable library', () => {
  const { needs: _needs, ...before } = manifestOf('base')
  const { weightsBytes, cacheBytes, workingBytes } = before.memory
  const total = weightsBytes + cacheBytes + workingBytes
  expect(memoryOfLoaded(before, 'half')).toBe(total)
  expect(loadProblem(before, { ...machine, memoryBytes: total })).toBeNull()
  expect(loadProblem(before, { ...machine, memoryBytes: total - 1 })).toMatchObject({ needBytes: total })
})

test('the sentence of a refusal has both numbers and the way out', () => {
  const problem = { code: 'does-not-fit', what: 'memory', needBytes: 6e9, haveBytes: 4e9 } as const
  expect(problemText({ ...problem, contextTokens: 1024 })).toMatchObject({
    title: 'The model does not fit into memory',
    advice: 'It needs 6.0 GB; 4.0 GB are there for models. With a context of 1024 tokens it would fit.',
    detail: '',
  })
  expect(problemText({ ...problem, contextTokens: null }).advice).toMatch(/A smaller model of the family may fit\.$/)
})

test('the speed of an installed model is bounded by what it reads, and calibrated by itself', () => {
  const config = configOf(required('mixtral-8x7b-v0.1')) ?? {}
  const loaded = loadedPart(config)
  const needs = needsOfModel(config, 'half') ?? fail('it compiles')
  const limit = speedOfLoaded(loaded, machine) ?? fail('there is a bandwidth')
  // The cache of one token is left out.
  expect(limit).toBeCloseTo(1e11 / bytesPerToken(needs, 0), 1)
  const sample = sampleOf(loaded, 'half', 1e11, limit / 3)
  expect(speedOfLoaded(loaded, { ...machine, speedSamples: [sample] })).toBeCloseTo(limit / 3, 6)
  expect(speedOfLoaded(loaded, { ...machine, bandwidthBytesPerSecond: null })).toBeNull()
})

/** The parts of a manifest that the compiler would write. */
function loadedPart(config: Readonly<Record<string, unknown>>) {
  const architecture = requireArchitecture(config)
  const spec = architecture.spec(config)
  const rules = architecture.weights(spec)
  const context = chooseContext(spec)
  const made = libraryTargets.map(
    (target) => [target, makeLibrary(runtime, { spec, rules, format: 'q4f16_1', target, ...context })] as const,
  )
  const of = Object.fromEntries(made)
  const needs = Object.fromEntries(made.map(([target, library]) => [target, library.needs])) as {
    readonly [target in (typeof libraryTargets)[number]]: LibraryNeeds
  }
  return { memory: of.portable?.memory ?? fail('made'), needs, contextTokens: context.contextTokens }
}

function required(id: string) {
  return variantNamed(id) ?? fail(`${id} is not in the catalogue`)
}

function fail(message: string): never {
  throw new Error(message)
}
