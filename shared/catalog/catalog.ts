// The catalogue: open families of 2023 and small ones of other years, known without a network. The data lies beside it as JSON, checked by tests against
// the types, so that nothing is decoded at run time.
import datasetData from './data/datasets.json' with { type: 'json' }
import familyData from './data/families.json' with { type: 'json' }
import readyData from './data/ready.json' with { type: 'json' }
import type { CatalogVariant, Dataset, Family, ReadyModel } from './types.ts'

export const families = familyData.families as unknown as readonly Family[]
export const datasets = datasetData.datasets as unknown as readonly Dataset[]
/** Ready-made weights without an entry of their own. */
export const readyModels = readyData.models as unknown as readonly ReadyModel[]
/** Key -> what it stands for. */
export const sourceTexts: Readonly<Record<string, string>> = familyData.sources

const configs = familyData.configs as readonly Readonly<Record<string, unknown>>[]

export const variants: readonly CatalogVariant[] = families.flatMap((family) => family.variants)

const familyByVariant = new Map(families.flatMap((family) => family.variants.map(({ id }) => [id, family] as const)))
const variantById = new Map(variants.map((variant) => [variant.id, variant]))
const variantByRepository = new Map(
  variants.flatMap((variant) =>
    [variant.repository, ...variant.ready.map(({ repository }) => repository)].map(
      (repository) => [repository.toLowerCase(), variant] as const,
    ),
  ),
)

export function variantNamed(id: string): CatalogVariant | undefined {
  return variantById.get(id)
}

/** By publisher/name of the original or of ready-made weights; case does not matter, as on the Hub. */
export function variantOfRepository(repository: string): CatalogVariant | undefined {
  return variantByRepository.get(repository.toLowerCase())
}

export function familyNamed(id: string): Family | undefined {
  return families.find((family) => family.id === id)
}

export function familyOf(variant: CatalogVariant): Family {
  const family = familyByVariant.get(variant.id)
  if (family === undefined) throw new Error(`${variant.id} is not in the catalogue`)
  return family
}

/** The members one can switch between, the variant itself included: base, then instruct, then chat. */
export function siblingsOf({ line }: Pick<CatalogVariant, 'line'>): readonly CatalogVariant[] {
  const order = ['base', 'instruct', 'chat']
  return variants.filter((other) => other.line === line).sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
}

/** Its config.json, as far as a compiler reads it; null where none is known. */
export function configOf({ config }: CatalogVariant): Readonly<Record<string, unknown>> | null {
  return config === null ? null : (configs[config] ?? null)
}

export function datasetNamed(id: string): Dataset | undefined {
  return datasets.find((dataset) => dataset.id === id)
}
