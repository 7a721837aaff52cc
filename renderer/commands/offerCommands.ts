// What else could be used when a model cannot run: each offer is a button beside the problem.
import type { App } from '../state/app.ts'
import type { Offer } from '../state/offers.ts'
import { bytesText } from '../words/units.ts'
import { t } from '../words/words.ts'
import type { ItemCommand } from './itemCommand.ts'

export const takeOffer: ItemCommand<Offer, Pick<App, 'select'>> = {
  id: 'model.takeOffer',
  title: (offer) => (offer === null ? t('conversation.offer.any') : offerText(offer)),
  shortcut: null,
  isEnabled: () => true,
  run: (app, { model }) => void app.select(model),
}

function offerText({ kind, model: { manifest }, memoryBytes }: Offer): string {
  const memory = bytesText(memoryBytes)
  if (kind === 'shorter-context') return t('conversation.offer.shorter', { count: manifest.contextTokens, memory })
  return t('conversation.offer.model', { title: manifest.title, memory })
}
