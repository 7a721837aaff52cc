// One family: what it is, its members side by side, what is known of the chosen one, and what it takes to have it here.
import { Network } from 'lucide-react'
import { familyNamed, siblingsOf, sourceTexts } from '../../../shared/catalog/catalog.ts'
import type { CatalogVariant, Family } from '../../../shared/catalog/types.ts'
import { Button } from '../../ui/Button.tsx'
import { factText } from '../../words/facts.ts'
import { t } from '../../words/words.ts'
import { useCatalogue } from './catalogueContext.ts'
import { Doubt } from './chips.tsx'
import { sentence } from './fitWords.ts'
import { MemberSwitch } from './MemberSwitch.tsx'
import { PageTop } from './PageTop.tsx'
import { VariantFacts } from './VariantFacts.tsx'
import { VariantHere } from './VariantHere.tsx'

export interface FamilyPageProps {
  readonly id: string
  /** The member that is shown; null for the first. */
  readonly variant: string | null
}

export function FamilyPage({ id, variant }: FamilyPageProps) {
  const { open } = useCatalogue()
  const family = familyNamed(id)
  if (family === undefined)
    return (
      <div className="browse-page">
        <PageTop title={t('family.unknown')} />
      </div>
    )
  const shown = family.variants.find((one) => one.id === variant) ?? family.variants[0]
  return (
    <div className="browse-page">
      <PageTop title={family.name}>
        <p className="soft">
          {factText(family.developer)} · {factText(family.released)}
          {family.unconfirmed.includes('released') ? <Doubt /> : null} · {t(`models.familyKinds.${family.kind}`)}
        </p>
        {family.notes.map((note) => (
          <p key={note} className="lead">
            {sentence(factText(note))}
          </p>
        ))}
        {shown === undefined ? null : (
          <p className="page-tools">
            <Button
              label={t('family.origin')}
              icon={<Network aria-hidden="true" />}
              onPress={() => open({ kind: 'lineage', around: shown.id })}
            />
          </p>
        )}
      </PageTop>
      {shown === undefined ? (
        <p>{t('models.card.nothing')}</p>
      ) : (
        <>
          <MemberSwitch family={family} shown={shown} />
          <div className="family-columns">
            <VariantFacts variant={shown} />
            <VariantHere key={shown.id} variant={shown} />
          </div>
        </>
      )}
      <Sources family={family} shown={shown} />
    </div>
  )
}

function Sources({ family, shown }: { readonly family: Family; readonly shown: CatalogVariant | undefined }) {
  const hasDoubts = family.unconfirmed.length > 0 || (shown !== undefined && siblingsOf(shown).some(isDoubted))
  return (
    <section className="sources" aria-labelledby="sources-title">
      <h2 id="sources-title" className="section-title">
        {t('family.sources')}
      </h2>
      <ul>
        {family.sources.map((source) => (
          <li key={source}>{sourceTexts[source] ?? source}</li>
        ))}
      </ul>
      {hasDoubts ? (
        <p className="soft">
          <Doubt /> {t('family.doubtText')}
        </p>
      ) : null}
    </section>
  )
}

function isDoubted({ unconfirmed }: CatalogVariant): boolean {
  return unconfirmed.length > 0
}
