// The catalogue for components: from context, with its stores as hooks.
import { createContext, use, useEffect } from 'react'
import { useStore } from 'zustand'
import { usualFormat } from '../../../shared/catalog/downloads.ts'
import type { CatalogVariant } from '../../../shared/catalog/types.ts'
import type { Catalogue } from '../../state/catalogue.ts'
import { type Fit, fitOf, needsKey, targetOf } from '../../state/catalogueNeeds.ts'

export const CatalogueContext = createContext<Catalogue | null>(null)

export function useCatalogue(): Catalogue {
  const catalogue = use(CatalogueContext)
  if (catalogue === null) throw new Error('a view of the catalogue needs the catalogue around it')
  return catalogue
}

/** Whether the machine can hold a variant, for any number of variants. Begins the computation where nobody has. */
export function useFits(): (variant: CatalogVariant) => Fit {
  const { needs, surroundings } = useCatalogue()
  const state = useStore(needs.store)
  const machine = useStore(surroundings, ({ machine: known }) => known)
  const target = targetOf(machine)
  useEffect(() => needs.fill(target), [needs, target])
  return (variant) => fitOf(variant, state, machine)
}

/** The same for one variant; the component renders again only when its own needs are there. */
export function useFit(variant: CatalogVariant): Fit {
  const { needs, surroundings } = useCatalogue()
  const machine = useStore(surroundings, ({ machine: known }) => known)
  const target = targetOf(machine)
  useStore(needs.store, ({ needs: known }) => known.get(needsKey(variant, { format: usualFormat, target })))
  useEffect(() => needs.fill(target), [needs, target])
  return fitOf(variant, needs.store.getState(), machine)
}
