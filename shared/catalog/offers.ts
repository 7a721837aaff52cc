// What to offer in place of a variant that does not fit: the next smaller one of its family and kind, else one of its kind from another family.
import { familyOf, variants } from './catalog.ts'
import type { CatalogVariant } from './types.ts'

/** The largest smaller variant that `fits` says yes to; null where there is none. Freely usable ones come first among strangers. */
export function smallerThatFits(
  variant: CatalogVariant,
  fits: (other: CatalogVariant) => boolean,
): CatalogVariant | null {
  const { parameters, kind } = variant
  if (parameters === null) return null
  const smaller = variants
    .filter((other) => other.kind === kind && (other.parameters ?? Infinity) < parameters && canBeHad(other))
    .sort((one, other) => (other.parameters ?? 0) - (one.parameters ?? 0))
  const relatives = smaller.filter((other) => familyOf(other) === familyOf(variant))
  const strangers = smaller.filter(({ commercialUse, isGated }) => commercialUse === 'yes' && !isGated)
  return relatives.find(fits) ?? strangers.find(fits) ?? null
}

function canBeHad({ weights }: CatalogVariant): boolean {
  return weights !== 'none' && weights !== 'difference'
}
