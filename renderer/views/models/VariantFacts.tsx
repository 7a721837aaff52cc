// What is known of one published checkpoint. Each fact that no source confirmed says so.
import type { ReactNode } from 'react'
import { datasetNamed, familyOf, variantNamed, variants } from '../../../shared/catalog/catalog.ts'
import { architectureOf } from '../../../shared/catalog/filters.ts'
import { methods } from '../../../shared/catalog/methods.ts'
import type { CatalogVariant, Relation } from '../../../shared/catalog/types.ts'
import { factText } from '../../words/facts.ts'
import { largeText, numberText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useCatalogue } from './catalogueContext.ts'
import { CommercialChip, Doubt, GatedChip, isDoubtful, LicenceChip } from './chips.tsx'
import { sentence } from './fitWords.ts'
import { HubAddress } from './HubAddress.tsx'

export function VariantFacts({ variant }: { readonly variant: CatalogVariant }) {
  const { repository, kind, parameters, contextTokens, trainingTokens, licence, commercialUse, commercialNote } =
    variant
  const children = variants.flatMap(({ id, parents }) =>
    parents.filter((one) => one.variant === variant.id).map(({ relation }) => ({ variant: id, relation })),
  )
  const doubt = (...fields: readonly string[]) =>
    fields.some((field) => isDoubtful(variant, field)) ? <Doubt /> : null
  return (
    <section className="facts" aria-labelledby="facts-title">
      <h2 id="facts-title" className="section-title">
        {repository.split('/')[1]}
      </h2>
      <p className="chips">
        <LicenceChip licence={licence} isUnconfirmed={isDoubtful(variant, 'licence')} />
        <CommercialChip use={commercialUse} note={commercialNote} />
        {variant.isGated ? <GatedChip /> : null}
      </p>
      {commercialNote === null ? null : (
        <p className="soft">{t('family.commercial', { note: factText(commercialNote) })}</p>
      )}
      {isDoubtful(variant, 'commercialUse') ? (
        <p className="soft">
          {t('family.commercialDoubt')} <Doubt />
        </p>
      ) : null}
      {variant.isGated ? (
        <div className="soft">
          <p>
            {t('family.gated')} {doubt('gated')}
          </p>
          <HubAddress repository={repository} />
        </div>
      ) : null}
      <dl className="fact-list">
        <Fact name={t('family.facts.repository')}>
          <code>{repository}</code>
        </Fact>
        <Fact name={t('family.facts.kind')}>
          {kind}: {t(`models.kinds.${kind}`)}
        </Fact>
        <Fact name={t('family.facts.architecture')}>
          {architectureOf(variant) ?? t('models.notKnown')} {doubt('config')}
        </Fact>
        <Fact name={t('family.facts.parameters')}>
          {parameters === null ? t('models.notKnown') : numberText(parameters)} {doubt('parameters')}
        </Fact>
        <Fact name={t('family.facts.context')}>{t('models.tokens', { number: numberText(contextTokens) })}</Fact>
        <Fact name={t('family.facts.training')}>
          {trainingTokens === null
            ? t('family.trainingUnknown')
            : t('family.trainingTokens', { amount: largeText(trainingTokens) })}{' '}
          {doubt('trainingTokens')}
        </Fact>
      </dl>
      <h3 className="sub-title">
        {t('family.methods')} {doubt('methods')}
      </h3>
      <dl className="method-list">
        {variant.methods.map((id) => (
          <div key={id}>
            <dt>{factText(methods[id].name)}</dt>
            <dd>{factText(methods[id].explanation)}</dd>
          </div>
        ))}
      </dl>
      <DatasetList variant={variant} />
      <Relatives title={t('family.madeFrom')} relatives={variant.parents} doubt={doubt('parents')} />
      <Relatives title={t('family.madeInto')} relatives={children} doubt={null} />
      {variant.notes.length === 0 ? null : (
        <>
          <h3 className="sub-title">{t('family.notes')}</h3>
          <ul className="plain-list">
            {variant.notes.map((note) => (
              <li key={note}>{sentence(factText(note))}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function DatasetList({ variant }: { readonly variant: CatalogVariant }) {
  const used = [
    ...variant.datasets.map((id) => ({ id, isPreference: false })),
    ...variant.preferenceDatasets.map((id) => ({ id, isPreference: true })),
  ]
  if (used.length === 0) return null
  return (
    <>
      <h3 className="sub-title">
        {t('family.datasets')}{' '}
        {isDoubtful(variant, 'datasets') || isDoubtful(variant, 'preferenceDatasets') ? <Doubt /> : null}
      </h3>
      <ul className="plain-list">
        {used.map(({ id, isPreference }) => {
          const dataset = datasetNamed(id)
          if (dataset === undefined) return null
          return (
            <li key={id}>
              <b>{dataset.name}</b>
              {isPreference ? ` ${t('family.compared')}` : ''}, {factText(dataset.publisher)}: {factText(dataset.how)}
              {dataset.size === null ? '' : `, ${factText(dataset.size)}`}
              {'. '}
              {t('family.datasetLicence', { licence: dataset.licence ?? t('family.notTold') })}
              {dataset.unconfirmed.includes('licence') ? <Doubt /> : null}.
            </li>
          )
        })}
      </ul>
    </>
  )
}

interface RelativesProps {
  readonly title: string
  readonly relatives: readonly { readonly variant: string; readonly relation: Relation }[]
  readonly doubt: ReactNode
}

function Relatives({ title, relatives, doubt }: RelativesProps) {
  const { open } = useCatalogue()
  if (relatives.length === 0) return null
  return (
    <>
      <h3 className="sub-title">
        {title} {doubt}
      </h3>
      <ul className="plain-list">
        {relatives.map(({ variant: id, relation }) => {
          const relative = variantNamed(id)
          if (relative === undefined) return null
          return (
            <li key={`${id} ${relation}`}>
              <button
                type="button"
                className="link"
                onClick={() => open({ kind: 'family', id: familyOf(relative).id, variant: id })}
              >
                {relative.repository}
              </button>{' '}
              <span className="soft">{t(`lineage.words.${relation}`)}</span>
            </li>
          )
        })}
      </ul>
    </>
  )
}
