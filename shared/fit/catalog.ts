// Does a variant of the catalogue, or what an inspection found, fit this machine; and what of its family would, where it does not.
import { configOf, familyOf } from '../catalog/catalog.ts'
import type { CatalogVariant } from '../catalog/types.ts'
import type { LibraryTarget, WeightFormat } from '../compiler/kernels/target.ts'
import { CompileError } from '../errors.ts'
import { type ModelNeeds, needsOfConfig } from './needs.ts'
import { judgeFit, type Machine, type Verdict } from './verdict.ts'

type Config = Readonly<Record<string, unknown>>

const usualFormat: WeightFormat = 'q4f16_1'

/** null where the configuration is not one that Hearth compiles. The plan behind it takes about 20 ms, so answers are kept by configuration. */
export function needsOfModel(
  config: Config,
  target: LibraryTarget,
  format: WeightFormat = usualFormat,
): ModelNeeds | null {
  const known = kept.get(config) ?? new Map<string, ModelNeeds | null>()
  kept.set(config, known)
  const key = `${target} ${format}`
  const found = known.get(key)
  if (found !== undefined) return found
  const needs = attemptNeeds(config, target, format)
  known.set(key, needs)
  return needs
}

const kept = new WeakMap<Config, Map<string, ModelNeeds | null>>()

function attemptNeeds(config: Config, target: LibraryTarget, format: WeightFormat): ModelNeeds | null {
  try {
    return needsOfConfig(config, { format, target })
  } catch (error) {
    if (error instanceof CompileError) return null
    throw error
  }
}

/** Of InspectionReport's config, for example. null where nothing is known of its memory. */
export function verdictOfConfig(
  config: Config | null,
  machine: Machine,
  contextTokens?: number,
  format: WeightFormat = usualFormat,
): Verdict | null {
  const needs = config && needsOfModel(config, machine.target, format)
  return needs && judgeFit(needs, machine, contextTokens)
}

/** null where the catalogue has no configuration. */
export function verdictOf(variant: CatalogVariant, machine: Machine, contextTokens?: number): Verdict | null {
  return verdictOfConfig(configOf(variant), machine, contextTokens)
}

/** What would work in place of something that does not fit. */
export type Offer =
  | { readonly kind: 'smaller-context'; readonly contextTokens: number }
  | { readonly kind: 'smaller-variant'; readonly variant: CatalogVariant; readonly verdict: FittingVerdict }

export type FittingVerdict = Exclude<Verdict, { readonly kind: 'does-not-fit' }>

const offeredVariants = 3

/**
 * Empty where it fits as asked, or nothing of its family does. A smaller context comes first; then the largest variants of the family that fit, of the
 * same kind (base, instruct, chat) where there are such, one per size.
 */
export function offersFor(variant: CatalogVariant, machine: Machine, contextTokens?: number): readonly Offer[] {
  const verdict = verdictOf(variant, machine, contextTokens)
  if (verdict === null || verdict.kind === 'fits') return []
  const context: readonly Offer[] =
    verdict.kind === 'does-not-fit' ? [] : [{ kind: 'smaller-context', contextTokens: verdict.contextTokens }]
  const smaller = familyOf(variant)
    .variants.filter((other) => (other.parameters ?? Infinity) < (variant.parameters ?? Infinity))
    .filter(({ weights }) => weights !== 'none' && weights !== 'difference')
  const sameKind = smaller.filter(({ kind }) => kind === variant.kind)
  return [...context, ...fitting(sameKind.length > 0 ? sameKind : smaller, machine, contextTokens)]
}

function fitting(variants: readonly CatalogVariant[], machine: Machine, contextTokens?: number): readonly Offer[] {
  const bySize = [...variants].sort((a, b) => (b.parameters ?? 0) - (a.parameters ?? 0))
  const offers: (Offer & { readonly kind: 'smaller-variant' })[] = []
  for (const variant of bySize) {
    if (offers.length === offeredVariants) break
    if (offers.some((offer) => offer.variant.parameters === variant.parameters)) continue
    const verdict = verdictOf(variant, machine, contextTokens)
    if (verdict !== null && verdict.kind !== 'does-not-fit') offers.push({ kind: 'smaller-variant', variant, verdict })
  }
  return offers
}
