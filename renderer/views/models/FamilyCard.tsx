// A family in the list: who made it, what its members do, under which licences, and each of its sizes with whether it fits.
import { Ban, Check, TriangleAlert } from 'lucide-react'
import type { CatalogVariant, Family } from '../../../shared/catalog/types.ts'
import type { FoundFamily } from '../../state/catalogueFilters.ts'
import type { Fit } from '../../state/catalogueNeeds.ts'
import { Chip } from '../../ui/Chip.tsx'
import { factText } from '../../words/facts.ts'
import { numberText, parametersText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useCatalogue } from './catalogueContext.ts'
import { CommercialChip, Doubt, LicenceChip } from './chips.tsx'
import { type FitTone, fitMark } from './fitWords.ts'
import { KindChips } from './KindChips.tsx'

export interface FamilyCardProps extends FoundFamily {
  readonly fitOf: (variant: CatalogVariant) => Fit
}

const shownLicences = 2

export function FamilyCard({ family, lines, fitOf }: FamilyCardProps) {
  const { open } = useCatalogue()
  const found = lines.flat()
  const licences = [...new Map(found.map((one) => [one.licence, one])).values()]
  const uses = [...new Map(found.map((one) => [one.commercialUse, one])).values()]
  return (
    <li className="card family-card">
      <div className="card-head">
        <h3 className="card-title">
          <button type="button" className="link" onClick={() => open({ kind: 'family', id: family.id, variant: null })}>
            {family.name}
          </button>
        </h3>
        <KindChips family={family} members={mainMembers(lines, fitOf)} />
      </div>
      <p className="soft">
        {factText(family.developer)} · {factText(family.released)}
        {family.unconfirmed.includes('released') ? <Doubt /> : null} · {t(`models.familyKinds.${family.kind}`)}
        {found.length === 0 ? null : ` · ${contextWords(found)}`}
      </p>
      {found.length === 0 ? (
        <p>{family.notes[0] === undefined ? t('models.card.nothing') : factText(family.notes[0])}</p>
      ) : (
        <>
          <p className="chips">
            {licences.slice(0, shownLicences).map((one) => (
              <LicenceChip
                key={one.licence}
                licence={one.licence}
                isUnconfirmed={found
                  .filter(({ licence }) => licence === one.licence)
                  .every(({ unconfirmed }) => unconfirmed.includes('licence'))}
              />
            ))}
            {licences.length > shownLicences ? (
              <Chip>{t('models.card.moreLicences', { count: licences.length - shownLicences })}</Chip>
            ) : null}
            {uses.map(({ commercialUse, commercialNote }) => (
              <CommercialChip key={commercialUse} use={commercialUse} note={commercialNote} />
            ))}
          </p>
          <ul className="sizes" aria-label={t('models.card.sizes', { family: family.name })}>
            {lines.map((members) => (
              <SizeButton key={members[0]?.line} family={family} members={members} fitOf={fitOf} />
            ))}
          </ul>
        </>
      )}
    </li>
  )
}

const marks: Readonly<Record<FitTone, typeof Check | null>> = {
  good: Check,
  caution: TriangleAlert,
  bad: Ban,
  plain: null,
}

interface SizeButtonProps {
  readonly family: Family
  readonly members: readonly CatalogVariant[]
  readonly fitOf: (variant: CatalogVariant) => Fit
}

function SizeButton({ family, members, fitOf }: SizeButtonProps) {
  const { open } = useCatalogue()
  const [first] = members
  if (first === undefined) return null
  const { tone, words } = fitMark(fitOf(first))
  const Mark = marks[tone]
  return (
    <li>
      <button
        type="button"
        className={`size size-${tone}`}
        title={words}
        onClick={() => open({ kind: 'family', id: family.id, variant: first.id })}
      >
        {first.line}{' '}
        {first.parameters === null ? null : <span className="size-count">{parametersText(first.parameters)}</span>}
        {Mark === null ? null : <Mark aria-hidden="true" />}
        <span className="visually-hidden">, {words}</span>
      </button>
    </li>
  )
}

/** Members that the kind chips lead to: of the largest line that fits and has the most kinds, else of the first. */
function mainMembers(lines: FoundFamily['lines'], fitOf: FamilyCardProps['fitOf']): readonly CatalogVariant[] {
  const kinds = (members: readonly CatalogVariant[]) => new Set(members.map(({ kind }) => kind)).size
  const fits = (members: readonly CatalogVariant[]) => {
    const fit = members[0] && fitOf(members[0])
    return fit?.kind === 'judged' && fit.verdict.kind === 'does-not-fit' ? 0 : 1
  }
  return (
    lines.toSorted(
      (one, other) =>
        fits(other) - fits(one) || kinds(other) - kinds(one) || (other[0]?.parameters ?? 0) - (one[0]?.parameters ?? 0),
    )[0] ?? []
  )
}

function contextWords(found: readonly CatalogVariant[]): string {
  const contexts = found.map(({ contextTokens }) => contextTokens)
  const [least, most] = [Math.min(...contexts), Math.max(...contexts)]
  return least === most
    ? t('models.card.reads', { tokens: numberText(least) })
    : t('models.card.readsBetween', { least: numberText(least), most: numberText(most) })
}
