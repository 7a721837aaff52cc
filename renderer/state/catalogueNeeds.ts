// What the catalogue's variants need of a machine: computed from their configurations in slices, so that the window stays quick, and kept. Variants of
// one shape share a configuration and so an entry.
import { createStore } from 'zustand/vanilla'
import { configOf, variants } from '../../shared/catalog/catalog.ts'
import { usualFormat } from '../../shared/catalog/downloads.ts'
import type { CatalogVariant } from '../../shared/catalog/types.ts'
import type { LibraryTarget, WeightFormat } from '../../shared/compiler/kernels/target.ts'
import { needsOfModel } from '../../shared/fit/catalog.ts'
import type { ModelNeeds } from '../../shared/fit/needs.ts'
import { judgeFit, type Machine, type Verdict } from '../../shared/fit/verdict.ts'

/** null: no configuration is known, or the compiler does not take it. */
export type KnownNeeds = ModelNeeds | null

export interface NeedsState {
  /** By `needsKey`; absent while not computed. */
  readonly needs: ReadonlyMap<string, KnownNeeds>
  /** Everything asked for is there. */
  readonly isComplete: boolean
}

export interface NeedsOptions {
  readonly format: WeightFormat
  readonly target: LibraryTarget
}

/** `later` runs a function once the window has had time for other things. */
export function createCatalogueNeeds(later: (step: () => void) => void) {
  const store = createStore<NeedsState>()(() => ({ needs: new Map(), isComplete: false }))
  const known = new Map<string, KnownNeeds>()
  let filling: LibraryTarget | null = null

  /** At once; about 20 ms where it was not asked for before. */
  function needsNow(variant: CatalogVariant, { format, target }: NeedsOptions): KnownNeeds {
    const config = configOf(variant)
    return config && needsOfModel(config, target, format)
  }

  /** Computes the needs of every variant for a target, one configuration at a time; asked again for the same target it does nothing. */
  function fill(target: LibraryTarget): void {
    if (filling === target) return
    filling = target
    const options = { format: usualFormat, target }
    const one = new Map(variants.map((variant) => [needsKey(variant, options), variant]))
    const waiting = [...one].flatMap(([key, variant]) => (variant.config === null || known.has(key) ? [] : [variant]))
    const step = () => {
      if (filling !== target) return
      const variant = waiting.shift()
      if (variant !== undefined) known.set(needsKey(variant, options), needsNow(variant, options))
      // The views learn of it in batches: one render per configuration would cost more than the arithmetic.
      if (waiting.length === 0 || waiting.length % batch === 0)
        store.setState({ needs: new Map(known), isComplete: waiting.length === 0 })
      if (waiting.length > 0) later(step)
    }
    store.setState({ isComplete: false })
    later(step)
  }

  return { store, needsNow, fill }
}

const batch = 16

export function needsKey({ config }: CatalogVariant, { format, target }: NeedsOptions): string {
  return `${config}/${format}/${target}`
}

/** What is known of a variant's fit. unmeasured: its needs are known and the machine is not. */
export type Fit =
  | { readonly kind: 'computing' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unmeasured'; readonly needs: ModelNeeds }
  | { readonly kind: 'judged'; readonly needs: ModelNeeds; readonly verdict: Verdict }

export const targetOf = (machine: Machine | null): LibraryTarget => machine?.target ?? 'portable'

/** In the usual format and for the usual context. */
export function fitOf(variant: CatalogVariant, { needs }: NeedsState, machine: Machine | null): Fit {
  const found = needs.get(needsKey(variant, { format: usualFormat, target: targetOf(machine) }))
  if (variant.config !== null && found === undefined) return { kind: 'computing' }
  return fitOfNeeds(found ?? null, machine)
}

/** The same of needs that are there (`needsNow`). */
export function fitOfNeeds(needs: KnownNeeds, machine: Machine | null): Exclude<Fit, { readonly kind: 'computing' }> {
  if (needs === null) return { kind: 'unknown' }
  if (machine === null) return { kind: 'unmeasured', needs }
  return { kind: 'judged', needs, verdict: usualVerdict(needs, machine) }
}

const verdicts = new WeakMap<Machine, Map<ModelNeeds, Verdict>>()

function usualVerdict(needs: ModelNeeds, machine: Machine): Verdict {
  const ofMachine = verdictsOf(machine)
  const kept = ofMachine.get(needs) ?? judgeFit(needs, machine)
  ofMachine.set(needs, kept)
  return kept
}

function verdictsOf(machine: Machine): Map<ModelNeeds, Verdict> {
  const kept = verdicts.get(machine) ?? new Map<ModelNeeds, Verdict>()
  verdicts.set(machine, kept)
  return kept
}
