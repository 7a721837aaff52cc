// The chips of a variant: what it does, its licence, whether it may be used commercially, whether it fits.
import { Ban, Check, CircleAlert, CircleHelp, Lock, TriangleAlert } from 'lucide-react'
import type { CatalogVariant, CommercialUse } from '../../../shared/catalog/types.ts'
import type { Variant as VariantKind } from '../../../shared/model.ts'
import { Chip } from '../../ui/Chip.tsx'
import { factText } from '../../words/facts.ts'
import { t } from '../../words/words.ts'
import type { FitMarkWords } from './fitWords.ts'

/** In the order in which they are shown. */
export const kinds: readonly VariantKind[] = ['base', 'instruct', 'chat']

const commercialChips = { yes: 'good', conditional: 'caution', no: 'bad' } as const

export function CommercialChip({ use, note }: { readonly use: CommercialUse; readonly note: string | null }) {
  const icon = {
    yes: <Check aria-hidden="true" />,
    conditional: <CircleAlert aria-hidden="true" />,
    no: <Ban aria-hidden="true" />,
  }[use]
  return (
    <Chip kind={commercialChips[use]} icon={icon} {...(note === null ? {} : { title: factText(note) })}>
      {t(`models.commercial.${use}`)}
    </Chip>
  )
}

export function LicenceChip({ licence, isUnconfirmed }: { readonly licence: string; readonly isUnconfirmed: boolean }) {
  return (
    <Chip>
      {factText(licence)}
      {isUnconfirmed ? <Doubt /> : null}
    </Chip>
  )
}

export function GatedChip() {
  return (
    <Chip kind="caution" icon={<Lock aria-hidden="true" />} title={t('models.gatedHint')}>
      {t('models.gated')}
    </Chip>
  )
}

export function FitChip({ mark: { tone, words } }: { readonly mark: FitMarkWords }) {
  const icon = {
    good: <Check aria-hidden="true" />,
    caution: <TriangleAlert aria-hidden="true" />,
    bad: <Ban aria-hidden="true" />,
    plain: undefined,
  }[tone]
  return (
    <Chip kind={tone} icon={icon}>
      {words}
    </Chip>
  )
}

/** Stands behind a fact that no source confirmed. */
export function Doubt() {
  return (
    <span className="doubt" title={t('models.doubtHint')}>
      <CircleHelp aria-hidden="true" /> {t('models.doubt')}
    </span>
  )
}

export function isDoubtful({ unconfirmed }: Pick<CatalogVariant, 'unconfirmed'>, field: string): boolean {
  return unconfirmed.includes(field)
}
