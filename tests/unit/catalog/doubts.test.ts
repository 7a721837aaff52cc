// What no source says is marked: a person must be able to tell a fact from a likely guess.
import { expect, test } from 'vitest'
import { families, sourceTexts } from '../../../shared/catalog/catalog.ts'
import type { CatalogVariant, Family } from '../../../shared/catalog/types.ts'

/** Sources of shapes alone: they say nothing of licences, training or parents. */
const shapesOnly = new Set(['hub-config', 'gpu_poor', 'tl', 'litgpt', 'mlc'])
/** Sources that list the files of a repository or describe it. */
const aboutFiles = /^(hub-page|.*-page|.*-card)$/

function factsOf(variant: CatalogVariant): readonly string[] {
  const { trainingTokens, datasets, preferenceDatasets, parents } = variant
  return [
    'licence',
    'commercialUse',
    'methods',
    ...(trainingTokens === null ? [] : ['trainingTokens']),
    ...(datasets.length === 0 ? [] : ['datasets']),
    ...(preferenceDatasets.length === 0 ? [] : ['preferenceDatasets']),
    ...(parents.length === 0 ? [] : ['parents']),
  ]
}

const unsourced = (family: Family) => family.sources.every((source) => shapesOnly.has(source))

test('a family without a source for more than its shapes has all its other facts marked', () => {
  expect(families.filter(unsourced).map(({ id }) => id)).toEqual(['gpt-2'])
  for (const family of families.filter(unsourced)) {
    expect(family.unconfirmed, family.id).toContain('released')
    for (const variant of family.variants)
      expect(variant.unconfirmed, variant.id).toEqual(expect.arrayContaining([...factsOf(variant), 'weights', 'gated']))
  }
})

test('files and agreements are marked where no listing of files was read', () => {
  for (const { sources, variants } of families) {
    if (sources.some((source) => aboutFiles.test(source))) continue
    for (const { id, weights, unconfirmed } of variants)
      if (weights !== 'none' && weights !== 'difference') expect(unconfirmed, id).toContain('weights')
  }
})

test('whether a model may be sold is as doubtful as its licence, in the families that were added to those of 2023', () => {
  const added = ['tinyllama', 'redpajama-incite', 'stablelm-3b', 'phi', 'gpt-j', 'gpt-2', 'smollm2']
  const found = families.filter(({ id }) => added.includes(id))
  expect(found).toHaveLength(added.length)
  for (const { variants, sources } of found) {
    // A model card in general is no source: which one was read is named.
    expect(sources).not.toContain('card')
    for (const { id, unconfirmed } of variants)
      expect(unconfirmed.includes('commercialUse'), id).toBe(unconfirmed.includes('licence'))
  }
})

test('every source that is used says what it is, and every one that is named is used', () => {
  const used = new Set(families.flatMap(({ sources }) => sources))
  for (const key of used) expect(sourceTexts[key], key).toMatch(/\S/)
  expect(Object.keys(sourceTexts).filter((key) => !used.has(key))).toEqual([])
})
