// What else would work when the model in use cannot run, each as a button.
import { useStore } from 'zustand'
import { takeOffer } from '../../commands/offerCommands.ts'
import type { Problem } from '../../inference/protocol.ts'
import { offersFor } from '../../state/offers.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { useManagement } from '../manage.ts'

export function Offers({ problem }: { readonly problem: Problem | null }) {
  const app = useApp()
  const management = useManagement()
  const selected = useValue(app.models, (state) => state.selected)
  const installed = useValue(app.models, (state) => state.installed)
  // The machine is made of these; it is worked out anew when one of them changes.
  useStore(management.hardware.store)
  useStore(management.settings.store)
  if (problem === null || selected === null) return null
  const offers = offersFor(selected, problem, installed, management.machine())
  if (offers.length === 0) return null
  return (
    <ul className="offers" aria-label={t('conversation.offer.label')}>
      {offers.map((offer) => (
        <li key={offer.kind}>
          <Button label={takeOffer.title(offer)} onPress={() => takeOffer.run(app, offer)} />
        </li>
      ))}
    </ul>
  )
}
