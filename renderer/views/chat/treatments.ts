// How models with a disputed template are treated, for components: from context. Without one nothing is asked.
import { createContext, use } from 'react'
import type { InstalledModel } from '../../../shared/model.ts'
import type { Treatment, Treatments } from '../../state/treatment.ts'

export interface TreatmentDesk {
  readonly store: Treatments['store']
  /** From now on, and kept. */
  readonly treat: (model: InstalledModel, treatment: Treatment) => void
}

export const TreatmentContext = createContext<TreatmentDesk | null>(null)

export function useTreatments(): TreatmentDesk | null {
  return use(TreatmentContext)
}
