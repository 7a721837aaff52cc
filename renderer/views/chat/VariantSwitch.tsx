// base | instruct | chat: the members of the family. Arrow keys move, Enter or Space chooses, so that no model is loaded in passing. What is not installed
// has its download beside the switch; what does not exist says why.
import { Download, LoaderCircle } from 'lucide-react'
import { ToggleGroup } from 'radix-ui'
import type { Variant } from '../../../shared/model.ts'
import { variantCommands } from '../../commands/index.ts'
import type { ModelsState } from '../../state/models.ts'
import { Button } from '../../ui/Button.tsx'
import { bytesText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useShownKeys } from '../keys.ts'
import type { VariantOffer } from './variantOffers.ts'

export interface VariantSwitchProps {
  readonly offers: readonly VariantOffer[]
  readonly models: Pick<ModelsState, 'selected' | 'status' | 'warm'>
  readonly onChoose: (variant: Variant) => void
  readonly onDownload: (offer: Extract<VariantOffer, { kind: 'download' }>) => void
  readonly onShowDownloads: () => void
}

export function VariantSwitch({ offers, models, onChoose, onDownload, onShowDownloads }: VariantSwitchProps) {
  const { selected, status } = models
  const shownKeys = useShownKeys()
  return (
    <>
      <ToggleGroup.Root
        type="single"
        className="variants"
        aria-label={t('chat.variants.label', { family: selected?.manifest.family ?? t('chat.variants.someFamily') })}
        value={selected?.manifest.variant ?? ''}
        onValueChange={(value) => {
          const offer = offers.find(({ variant }) => variant === value)
          if (offer?.kind === 'installed') onChoose(offer.variant)
        }}
      >
        {offers.map((offer) => {
          const { variant } = offer
          const [shortcut] = shownKeys(variantCommands[variant]).texts
          const isInUse = selected?.manifest.variant === variant
          const words = offerWords(offer, models)
          const keys = shortcut === undefined || offer.kind !== 'installed' ? '' : ` (${shortcut})`
          return (
            <ToggleGroup.Item
              key={variant}
              value={variant}
              className="variant"
              aria-disabled={offer.kind === 'installed' ? undefined : true}
              aria-label={`${t(`chat.variants.${variant}`)}: ${words}`}
              title={`${words}${keys}`}
            >
              {t(`chat.variants.${variant}`)}
              {isInUse && status.kind === 'loading' ? (
                <span className="variant-bar" style={{ inlineSize: `${Math.round(status.fraction * 100)}%` }} />
              ) : null}
            </ToggleGroup.Item>
          )
        })}
      </ToggleGroup.Root>
      {offers.map((offer) => {
        if (offer.kind === 'download')
          return (
            <Button
              key={offer.variant}
              label={chipWords(offer)}
              spokenLabel={t('chat.variants.downloadOf', { chip: chipWords(offer), name: offer.choice.repository })}
              icon={<Download aria-hidden="true" />}
              onPress={() => onDownload(offer)}
            />
          )
        if (offer.kind === 'on-its-way')
          return (
            <Button
              key={offer.variant}
              label={`${t(`chat.variants.${offer.variant}`)}: ${wayWords(offer.fraction)}`}
              icon={<LoaderCircle aria-hidden="true" />}
              onPress={onShowDownloads}
            />
          )
        return null
      })}
    </>
  )
}

const does = { base: 'baseDoes', instruct: 'instructDoes', chat: 'chatDoes' } as const

function offerWords(offer: VariantOffer, { selected, status, warm }: VariantSwitchProps['models']): string {
  const { variant } = offer
  switch (offer.kind) {
    case 'installed': {
      const what = t(`chat.variants.${does[variant]}`)
      if (selected?.manifest.variant === variant) {
        if (status.kind !== 'loading') return what
        return status.fraction > 0
          ? `${what}, ${t('chat.variants.loadingPart', { percent: Math.floor(status.fraction * 100) })}`
          : `${what}, ${t('chat.variants.loading')}`
      }
      const isWarm = warm.some(({ key }) => key === offer.model.key)
      return `${what}, ${t(isWarm ? 'chat.variants.warm' : 'chat.variants.cold')}`
    }
    case 'on-its-way':
      return wayWords(offer.fraction)
    case 'download':
      return downloadWords(offer)
    case 'absent':
      return t(`chat.variants.${offer.reason}`, { variant })
    default:
      return offer satisfies never
  }
}

/** The icon beside it says that it is a download. */
function chipWords({ variant, choice: { downloadBytes } }: Extract<VariantOffer, { kind: 'download' }>): string {
  const name = t(`chat.variants.${variant}`)
  return downloadBytes === null ? name : `${name} · ${bytesText(downloadBytes)}`
}

function downloadWords({ choice: { downloadBytes } }: Extract<VariantOffer, { kind: 'download' }>): string {
  return downloadBytes === null
    ? t('chat.variants.downloadUnknown')
    : t('chat.variants.download', { size: bytesText(downloadBytes) })
}

function wayWords(fraction: number | null): string {
  return fraction === null
    ? t('chat.variants.onItsWay')
    : t('chat.variants.onItsWayPart', { percent: Math.floor(fraction * 100) })
}
