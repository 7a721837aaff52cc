// The catalogue against the types, the compiler, the prompt templates and the published configurations.
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  configOf,
  datasetNamed,
  datasets,
  families,
  familyNamed,
  familyOf,
  readyModels,
  siblingsOf,
  sourceTexts,
  variantNamed,
  variantOfRepository,
  variants,
} from '../../../shared/catalog/catalog.ts'
import { architectureOf, filterVariants } from '../../../shared/catalog/filters.ts'
import { methods } from '../../../shared/catalog/methods.ts'
import { nameWords } from '../../../shared/catalog/nameDecoder.ts'
import { architectureFor, requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import { countWeights } from '../../../shared/compiler/weights.ts'
import { publishedTemplate } from '../../../shared/prompts/repositories.ts'
import { dataset, family, nameWord, readyModel } from '../../support/catalogSchema.ts'
import { publishedCheckpoints, publishedConfig } from '../../support/publishedConfigs.ts'

test('the data is what its types say', () => {
  expect(z.array(family).parse(families)).toEqual(families)
  expect(z.array(dataset).parse(datasets)).toEqual(datasets)
  expect(z.array(readyModel).parse(readyModels)).toEqual(readyModels)
  expect(z.array(nameWord).parse(nameWords)).toEqual(nameWords)
})

test('ids and repositories name one thing each, and every name in it leads somewhere', () => {
  for (const ids of [
    families.map(({ id }) => id),
    variants.map(({ id }) => id),
    variants.map(({ repository }) => repository.toLowerCase()),
    datasets.map(({ id }) => id),
    nameWords.flatMap(({ words }) => words),
  ])
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  for (const { sources } of families)
    for (const source of sources) expect(sourceTexts[source], source).toBeTypeOf('string')
  for (const variant of variants) {
    for (const id of [...variant.datasets, ...variant.preferenceDatasets]) expect(datasetNamed(id), id).toBeDefined()
    for (const id of variant.preferenceDatasets) expect(datasetNamed(id)?.kind, id).toBe('preference')
    for (const parent of variant.parents) expect(variantNamed(parent.variant), parent.variant).toBeDefined()
    for (const name of variant.unconfirmed)
      expect([...Object.keys(variant), 'gated'].includes(name), `${variant.id}.${name}`).toBe(true)
  }
  for (const { families: named } of nameWords)
    for (const id of Object.values(named)) expect(familyNamed(id), id).toBeDefined()
})

test('every variant of 2023 has an architecture in the compiler and as many weights as it says', () => {
  const without = variants.filter((variant) => configOf(variant) === null)
  expect(without.map(({ id }) => id)).toEqual(['glm-130b'])
  for (const variant of variants) {
    const config = configOf(variant)
    if (config === null) continue
    const architecture = architectureFor(config)
    expect(architecture, variant.id).toBeDefined()
    expect(architecture?.modelTypes, variant.id).toContain(architectureOf(variant))
    const known = requireArchitecture(config)
    const spec = known.spec(config)
    // Counts of these come from sources that count otherwise or not at all.
    if (/^(galactica-30b|chatglm-6b|openbuddy)/.test(variant.id) || variant.parameters === null) continue
    expect(countWeights(known.weights(spec)), variant.id).toBe(variant.parameters)
  }
})

test('configurations are those of the published checkpoints', async () => {
  const published = [...(await publishedCheckpoints('families.json')), ...(await publishedCheckpoints('others.json'))]
  let compared = 0
  for (const checkpoint of published) {
    const variant = variantOfRepository(checkpoint.repository)
    if (variant === undefined || architectureFor(publishedConfig(checkpoint)) === undefined) continue
    const ours = configOf(variant) ?? {}
    const theirs = publishedConfig(checkpoint)
    expect(requireArchitecture(ours).spec(ours), variant.id).toEqual(requireArchitecture(theirs).spec(theirs))
    compared++
  }
  expect(compared).toBeGreaterThan(140)
})

test('kinds agree with the prompts that are known for the repositories', () => {
  const unknown: string[] = []
  for (const { id, kind, repository } of variants) {
    const template = publishedTemplate(repository)
    if (template === null) unknown.push(id)
    else expect(template === 'base' ? 'base' : template.variant, id).toBe(kind)
  }
  // Their own chat templates tell, or nothing does.
  expect(unknown).toEqual([
    'glm-130b',
    'redpajama-incite-instruct-3b-v1',
    'redpajama-incite-7b-instruct',
    'stablelm-3b-4e1t',
    'stablelm-zephyr-3b',
    'smollm2-135m',
    'smollm2-135m-instruct',
    'smollm2-360m',
    'smollm2-360m-instruct',
    'smollm2-1.7b',
    'smollm2-1.7b-instruct',
  ])
})

test('a family shows base, instruct and chat of one size side by side', () => {
  const mpt = variantOfRepository('MosaicML/MPT-7B-Instruct')
  expect(mpt && siblingsOf(mpt).map(({ id }) => id)).toEqual(['mpt-7b', 'mpt-7b-instruct', 'mpt-7b-chat'])
  const llama = variantNamed('llama-2-7b-chat-hf')
  expect(llama && siblingsOf(llama).map(({ id }) => id)).toEqual(['llama-2-7b-hf', 'llama-2-7b-chat-hf'])
  expect(llama && familyOf(llama).name).toBe('LLaMA-2')
  // One line is one shape: switching needs no other context or vocabulary than the configuration says.
  for (const variant of variants) {
    const widths = siblingsOf(variant).map((one) => {
      const config = configOf(one)
      return config === null ? 0 : requireArchitectureWidth(config)
    })
    expect(new Set(widths).size, variant.line).toBe(1)
  }
})

function requireArchitectureWidth(config: Readonly<Record<string, unknown>>): number {
  return Number(config.hidden_size ?? config.d_model ?? config.n_embd ?? config.n_embed)
}

test('ready-made weights lead to the original', () => {
  expect(variantOfRepository('mlc-ai/Llama-2-7b-chat-hf-q4f16_1-MLC')?.repository).toBe('meta-llama/Llama-2-7b-chat-hf')
  expect(variantOfRepository('mlc-ai/Qwen3-4B-q4f16_1-MLC')).toBeUndefined()
  expect(readyModels.some(({ name }) => name === 'Qwen3-4B')).toBe(true)
})

test('every training method is explained in two sentences', () => {
  for (const [id, { explanation }] of Object.entries(methods))
    expect(explanation.match(/[.;](\s|$)/g)?.length, id).toBeGreaterThanOrEqual(2)
  for (const { methods: used } of variants) for (const id of used) expect(methods[id]).toBeDefined()
})

test('licences of one family differ by variant', () => {
  const use = (id: string) => variantNamed(id)?.commercialUse
  expect([use('mpt-7b'), use('mpt-7b-chat'), use('falcon-180b'), use('qwen-1_8b'), use('vicuna-7b-v1.5')]).toEqual([
    'yes',
    'no',
    'conditional',
    'no',
    'conditional',
  ])
})

test('filters narrow together', () => {
  const found = (filter: Parameters<typeof filterVariants>[1]) => filterVariants(variants, filter).map(({ id }) => id)
  expect(found({})).toHaveLength(variants.length)
  expect(found({ text: 'mosaic 30b', kinds: ['chat', 'instruct'], commercialUse: 'yes' })).toEqual(['mpt-30b-instruct'])
  expect(found({ architectures: ['mamba'], maximumParameters: 400e6 })).toEqual(['mamba-130m', 'mamba-370m'])
  expect(found({ text: 'llama-2', commercialUse: 'yes' })).toEqual([])
  expect(found({ installed: new Set(['Deci/DeciLM-7B']) })).toEqual(['decilm-7b'])
  expect(found({ text: 'gpt2', fits: ({ parameters }) => (parameters ?? 0) < 2e8 })).toEqual(['gpt2'])
})
