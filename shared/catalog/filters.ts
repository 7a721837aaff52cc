// Which variants of the catalogue a person wants to see.
import type { Variant as VariantKind } from '../model.ts'
import { configOf, familyOf } from './catalog.ts'
import type { CatalogVariant } from './types.ts'

/** Every given part must hold; an absent one does not narrow. */
export interface CatalogFilter {
  /** Parts of its name, its family's or its publisher's, in any order. */
  readonly text?: string
  readonly kinds?: readonly VariantKind[]
  /** `conditional` counts only where it is allowed. */
  readonly commercialUse?: 'yes' | 'yes-or-conditional'
  readonly minimumParameters?: number
  readonly maximumParameters?: number
  /** model_type of its configuration. */
  readonly architectures?: readonly string[]
  /** For example whether it fits this machine. */
  readonly fits?: (variant: CatalogVariant) => boolean
  /** Repositories that are installed, publisher/name: only these. */
  readonly installed?: ReadonlySet<string>
}

export function filterVariants(variants: readonly CatalogVariant[], filter: CatalogFilter): readonly CatalogVariant[] {
  const { text = '', kinds, commercialUse, minimumParameters = 0, maximumParameters = Infinity } = filter
  const { architectures, fits, installed } = filter
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const allowed = commercialUse === 'yes' ? ['yes'] : ['yes', 'conditional']
  const sized = filter.minimumParameters !== undefined || filter.maximumParameters !== undefined
  return variants.filter((variant) => {
    const { parameters } = variant
    if (kinds !== undefined && !kinds.includes(variant.kind)) return false
    if (commercialUse !== undefined && !allowed.includes(variant.commercialUse)) return false
    if (sized && (parameters === null || parameters < minimumParameters || parameters > maximumParameters)) return false
    if (architectures !== undefined && !architectures.includes(architectureOf(variant) ?? '')) return false
    if (installed !== undefined && !installed.has(variant.repository)) return false
    if (!words.every((word) => searchText(variant).includes(word))) return false
    return fits === undefined || fits(variant)
  })
}

/** What names its architecture in its configuration, null where that is not known. Mamba's first repositories have no model_type. */
export function architectureOf(variant: CatalogVariant): string | null {
  const config = configOf(variant)
  if (config === null) return null
  return typeof config.model_type === 'string' ? config.model_type : 'ssm_cfg' in config ? 'mamba' : null
}

function searchText(variant: CatalogVariant): string {
  const family = familyOf(variant)
  return `${variant.repository} ${variant.id} ${family.name} ${family.developer}`.toLowerCase()
}
