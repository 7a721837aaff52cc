// The question how a model with a disputed template is treated, tied to the model in use.
import { useStore } from 'zustand'
import { conflictOf, usualTreatment } from '../../state/treatment.ts'
import { useApp, useValue } from '../app.ts'
import { TreatAs } from './TreatAs.tsx'
import { type TreatmentDesk, useTreatments } from './treatments.ts'

export function OpenTreatment() {
  const treatments = useTreatments()
  return treatments === null ? null : <Asked treatments={treatments} />
}

function Asked({ treatments: { store, treat } }: { readonly treatments: TreatmentDesk }) {
  const app = useApp()
  const selected = useValue(app.models, (state) => state.selected)
  const { chosen, declared } = useStore(store)
  const manifest = selected === null ? undefined : declared.get(selected.key)
  const conflict = manifest === undefined ? null : conflictOf(manifest)
  if (selected === null || manifest === undefined || conflict === null) return null
  return (
    <TreatAs
      conflict={conflict}
      declared={manifest.variant}
      treatment={chosen[selected.key] ?? usualTreatment(manifest)}
      onTreat={(treatment) => treat(selected, treatment)}
    />
  )
}
