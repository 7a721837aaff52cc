// What there is for each variant of the family in use: installed, on its way, to be had from the catalogue, or missing with a reason.
import { siblingsOf, variants } from '../../../shared/catalog/catalog.ts'
import { type DownloadChoice, downloadChoices, usualChoice } from '../../../shared/catalog/downloads.ts'
import type { CatalogVariant } from '../../../shared/catalog/types.ts'
import type { ModelNeeds } from '../../../shared/fit/needs.ts'
import type { Job } from '../../../shared/jobs.ts'
import type { InstalledModel, Variant } from '../../../shared/model.ts'
import type { ModelRecord } from '../../../shared/modelRecord.ts'
import { installedOf } from '../../state/catalogueFilters.ts'
import { familyOf, type ModelsState } from '../../state/models.ts'

export type VariantOffer =
  | { readonly kind: 'installed'; readonly variant: Variant; readonly model: InstalledModel }
  | { readonly kind: 'on-its-way'; readonly variant: Variant; readonly job: Job; readonly fraction: number | null }
  | {
      readonly kind: 'download'
      readonly variant: Variant
      readonly entry: CatalogVariant
      readonly choice: DownloadChoice
    }
  | {
      readonly kind: 'absent'
      readonly variant: Variant
      readonly reason: 'notPublished' | 'notInstalled' | 'notDownloadable'
    }

export interface OfferParts {
  readonly models: Pick<ModelsState, 'installed' | 'selected'> & ModelsState
  readonly records: readonly ModelRecord[]
  readonly jobs: readonly Job[]
  readonly needsOf: (entry: CatalogVariant, format: DownloadChoice['format']) => ModelNeeds | null
}

const order: readonly Variant[] = ['base', 'instruct', 'chat']

export function variantOffers({ models, records, jobs, needsOf }: OfferParts): readonly VariantOffer[] {
  const members = familyOf(models)?.members ?? []
  const entry = members.map((model) => entryOf(model, records)).find((one) => one !== undefined)
  const siblings = entry === undefined ? [] : siblingsOf(entry)
  return order.map((variant): VariantOffer => {
    const model = members.find(({ manifest }) => manifest.variant === variant)
    if (model !== undefined) return { kind: 'installed', variant, model }
    if (entry === undefined) return { kind: 'absent', variant, reason: 'notInstalled' }
    const known = siblings.filter(({ kind }) => kind === variant)
    if (known.length === 0) return { kind: 'absent', variant, reason: 'notPublished' }
    for (const sibling of known) {
      const names = [sibling.repository, ...sibling.ready.map(({ repository }) => repository)]
      const job = jobs.find(({ kind, title, state }) => kind === 'install' && state !== 'done' && names.includes(title))
      if (job !== undefined) return { kind: 'on-its-way', variant, job, fraction: fractionOf(job) }
    }
    for (const sibling of known) {
      const choice = usualChoice(downloadChoices(sibling, (format) => needsOf(sibling, format)))
      if (choice !== null) return { kind: 'download', variant, entry: sibling, choice }
    }
    return { kind: 'absent', variant, reason: 'notDownloadable' }
  })
}

/** What an installed model was made from, in the catalogue. */
function entryOf(model: InstalledModel, records: readonly ModelRecord[]): CatalogVariant | undefined {
  return variants.find((variant) => installedOf(variant, [model], records).length > 0)
}

function fractionOf({ doneBytes, totalBytes }: Job): number | null {
  return totalBytes === null || totalBytes === 0 ? null : Math.min(1, doneBytes / totalBytes)
}
