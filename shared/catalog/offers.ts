// What to offer where nothing of a model's own family fits (shared/fit/catalog.ts): the largest smaller model of its kind from another one.
import { familyOf, variants } from './catalog.ts'
import type { CatalogVariant } from './types.ts'

/** One that is free to use and to fetch and that `fits` says yes to; null where there is none. */
export function strangerThatFits(
  variant: CatalogVariant,
  fits: (other: CatalogVariant) => boolean,
): CatalogVariant | null {
  const { parameters, kind } = variant
  const smaller = variants
    .filter((other) => other.kind === kind && (other.parameters ?? Infinity) < (parameters ?? 0))
    .filter((other) => familyOf(other) !== familyOf(variant) && isFree(other))
    .sort((one, other) => (other.parameters ?? 0) - (one.parameters ?? 0))
  return smaller.find(fits) ?? null
}

/** May be used commercially, and its files can be had without agreeing to terms first. */
export function isFree({ commercialUse, isGated, weights }: CatalogVariant): boolean {
  return commercialUse === 'yes' && !isGated && weights !== 'difference' && weights !== 'none'
}
