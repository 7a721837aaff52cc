// What there is for each variant of the family in use.
import { expect, test } from 'vitest'
import type { ModelsState } from '../../../renderer/state/models.ts'
import { type VariantOffer, variantOffers } from '../../../renderer/views/chat/variantOffers.ts'
import { siblingsOf, variants } from '../../../shared/catalog/catalog.ts'
import type { Job } from '../../../shared/jobs.ts'
import type { InstalledModel, Variant } from '../../../shared/model.ts'
import { family, installed, ownChat } from '../../support/models.ts'

function offers(models: readonly InstalledModel[], jobs: readonly Job[] = []): readonly VariantOffer[] {
  const state = { installed: models, selected: models[0] ?? null } as ModelsState
  return variantOffers({ models: state, records: [], jobs, needsOf: () => null })
}

const kinds = (found: readonly VariantOffer[]) => found.map(({ variant, kind }) => `${variant} ${kind}`)

/** A model of the catalogue as if it were installed. */
function fromCatalogue(kind: Variant, hasSibling: Variant): InstalledModel {
  const entry = variants.find(
    (variant) =>
      variant.kind === kind &&
      siblingsOf(variant).some(
        (sibling) => sibling.kind === hasSibling && !['none', 'difference'].includes(sibling.weights),
      ),
  )
  if (entry === undefined) throw new Error(`the catalogue has a ${kind} with a ${hasSibling}`)
  const model = installed(kind)
  return {
    ...model,
    bundled: false,
    manifest: { ...model.manifest, id: entry.repository, family: 'From the catalogue' },
  }
}

test('members that are installed are offered as such', () => {
  expect(kinds(offers(family))).toEqual(['base installed', 'instruct installed', 'chat installed'])
})

test('a family that the catalogue does not know has nothing else, and says so', () => {
  expect(offers([ownChat])).toMatchObject([
    { variant: 'base', kind: 'absent', reason: 'notInstalled' },
    { variant: 'instruct', kind: 'absent', reason: 'notInstalled' },
    { variant: 'chat', kind: 'installed' },
  ])
})

test('a member of the catalogue that is not installed can be downloaded, and while it is, its job is shown', () => {
  const model = fromCatalogue('base', 'chat')
  const chat = offers([model]).find(({ variant }) => variant === 'chat')
  if (chat?.kind !== 'download') throw new Error('it is a download')
  const job = { id: 'j', kind: 'install', title: chat.choice.repository, state: 'running', doneBytes: 1, totalBytes: 4 }
  expect(offers([model], [job as Job]).find(({ variant }) => variant === 'chat')).toMatchObject({
    kind: 'on-its-way',
    fraction: 0.25,
  })
})

test('a variant that was never published says so', () => {
  const lonely = variants.find((variant) => siblingsOf(variant).every(({ kind }) => kind === 'base'))
  if (lonely === undefined) throw new Error('the catalogue has a base alone')
  const model = installed('base')
  const only = { ...model, bundled: false, manifest: { ...model.manifest, id: lonely.repository, family: 'Alone' } }
  expect(offers([only])).toMatchObject([
    { kind: 'installed' },
    { kind: 'absent', reason: 'notPublished' },
    { kind: 'absent', reason: 'notPublished' },
  ])
})
