// Below the desk while the app's own models are the only ones and little was written: what this computer can do, and three families for it. It comes once
// the first model has loaded, so that it takes nothing from that.
import { useStore } from 'zustand'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { HardwareCard } from '../hardware/HardwareCard.tsx'
import { useManagement } from '../manage.ts'
import { Shelf } from '../models/Shelf.tsx'

export function FirstSteps() {
  const app = useApp()
  const { hardware } = useManagement()
  const onlyBundled = useValue(app.models, ({ installed }) => installed.every(({ bundled }) => bundled))
  const isSettled = useValue(app.models, ({ status }) => status.kind === 'ready' || status.kind === 'failed')
  const messages = useValue(app.conversation.store, ({ path }) => path.length)
  const chats = useValue(app.chats.store, (state) => state.chats.length)
  const isNew = messages === 0 || (messages === 1 && chats <= 1)
  const isKnown = useStore(hardware.store, ({ report }) => report !== null)
  if (!onlyBundled || !isNew || !isSettled || !isKnown) return null
  return (
    <section className="first-steps" aria-label={t('shell.firstSteps')}>
      <HardwareCard />
      <Shelf />
    </section>
  )
}
