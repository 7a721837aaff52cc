// What narrows the list of families, as a person sets it, and the families that are left with the variants that matched.
import { families, readyModels, variants } from '../../shared/catalog/catalog.ts'
import { architectureOf, type CatalogFilter, filterVariants } from '../../shared/catalog/filters.ts'
import { readyWeightsProblem } from '../../shared/catalog/readyProblem.ts'
import type { CatalogVariant, Family, ReadyModel } from '../../shared/catalog/types.ts'
import type { InstalledModel, Variant as VariantKind } from '../../shared/model.ts'
import type { ModelRecord } from '../../shared/modelRecord.ts'
import type { Fit } from './catalogueNeeds.ts'

export interface CatalogueFilters {
  readonly text: string
  readonly kinds: readonly VariantKind[]
  readonly commercialUse: 'any' | 'yes' | 'yes-or-conditional'
  readonly size: keyof typeof sizeRanges
  /** model_type, or empty for any. */
  readonly architecture: string
  readonly fitsHere: boolean
  readonly installedOnly: boolean
}

export const noFilters: CatalogueFilters = {
  text: '',
  kinds: [],
  commercialUse: 'any',
  size: 'any',
  architecture: '',
  fitsHere: false,
  installedOnly: false,
}

/** Parameters, from and below. */
export const sizeRanges = {
  any: [0, Infinity],
  'under-1b': [0, 1e9],
  '1b-to-4b': [1e9, 4e9],
  '4b-to-10b': [4e9, 10e9],
  '10b-to-40b': [10e9, 40e9],
  'over-40b': [40e9, Infinity],
} as const satisfies Readonly<Record<string, readonly [number, number]>>

export const architectures: readonly string[] = [
  ...new Set(variants.map(architectureOf).filter((name) => name !== null)),
].sort()

export interface FoundFamily {
  readonly family: Family
  /** Those that matched, in lines: members of one size beside each other. */
  readonly lines: readonly (readonly CatalogVariant[])[]
}

/** `isInstalled` and `fitOf` come from the machine. A family without a published variant stays while nothing narrows. */
export function findFamilies(
  filters: CatalogueFilters,
  fitOf: (variant: CatalogVariant) => Fit,
  isInstalled: (variant: CatalogVariant) => boolean,
): readonly FoundFamily[] {
  const found = new Set(
    filterVariants(variants, catalogFilter(filters, fitOf)).filter((one) => !filters.installedOnly || isInstalled(one)),
  )
  const isNarrow = isNarrowed(filters)
  return families
    .map((family) => ({
      family,
      lines: [
        ...Map.groupBy(
          family.variants.filter((one) => found.has(one)),
          ({ line }) => line,
        ).values(),
      ],
    }))
    .filter(({ lines }) => lines.length > 0 || !isNarrow)
}

const runnableModels = readyModels.flatMap((model) => {
  const weights = model.weights.filter((one) => readyWeightsProblem(one) === null)
  return weights.length === 0 ? [] : [{ ...model, weights }]
})

/**
 * Newer models of which only ready-made weights are known, as far as they run here. Their size, licence and shape are not known: while one of these is asked
 * for, none is shown.
 */
export function findReadyModels(filters: CatalogueFilters): readonly ReadyModel[] {
  const { text, kinds } = filters
  if (isNarrowed({ ...filters, text: '', kinds: [] })) return []
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return runnableModels.filter(({ name, kind, weights }) => {
    const known = `${name} ${weights.map(({ repository }) => repository).join(' ')}`.toLowerCase()
    return (kinds.length === 0 || kinds.includes(kind)) && words.every((word) => known.includes(word))
  })
}

export function isNarrowed(filters: CatalogueFilters): boolean {
  return JSON.stringify(filters) !== JSON.stringify(noFilters)
}

function catalogFilter(filters: CatalogueFilters, fitOf: (variant: CatalogVariant) => Fit): CatalogFilter {
  const { text, kinds, commercialUse, size, architecture, fitsHere } = filters
  const [from, below] = sizeRanges[size]
  return {
    text,
    ...(kinds.length === 0 ? {} : { kinds }),
    ...(commercialUse === 'any' ? {} : { commercialUse }),
    ...(size === 'any' ? {} : { minimumParameters: from, maximumParameters: below - 1 }),
    ...(architecture === '' ? {} : { architectures: [architecture] }),
    ...(fitsHere ? { fits: (variant: CatalogVariant) => fitsMachine(fitOf(variant)) } : {}),
  }
}

/** Also with a smaller context. */
export function fitsMachine(fit: Fit): boolean {
  return fit.kind === 'judged' && fit.verdict.kind !== 'does-not-fit'
}

/** Installed models that were made from a variant: by their origin, else by their name. */
export function installedOf(
  { repository, ready }: CatalogVariant,
  installed: readonly InstalledModel[],
  records: readonly ModelRecord[],
): readonly InstalledModel[] {
  const names = new Set([repository, ...ready.map((one) => one.repository)].map((name) => name.toLowerCase()))
  const origins = new Map(records.map(({ key, origin }) => [key, origin?.repository.toLowerCase()]))
  return installed.filter(({ key, manifest }) => names.has(origins.get(key) ?? manifest.id.toLowerCase()))
}
