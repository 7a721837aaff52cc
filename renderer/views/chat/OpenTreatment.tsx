// The question how a model with a disputed template is treated, tied to the model in use.
import { useStore } from 'zustand'
import { conflictOf, usualTreatment } from '../../state/treatment.ts'
import { useApp, useValue } from '../app.ts'
import { TreatAs } from './TreatAs.tsx'

export function OpenTreatment() {
  const app = useApp()
  const selected = useValue(app.models, (state) => state.selected)
  const { chosen, declared } = useStore(app.treatments.store)
  const manifest = selected === null ? undefined : declared.get(selected.key)
  const conflict = manifest === undefined ? null : conflictOf(manifest)
  if (selected === null || manifest === undefined || conflict === null) return null
  return (
    <TreatAs
      conflict={conflict}
      declared={manifest.variant}
      treatment={chosen[selected.key] ?? usualTreatment(manifest)}
      onTreat={(treatment) => app.treat(selected, treatment)}
    />
  )
}
