// Every family that is known, without a network: what to begin with, a field for models from elsewhere, filters, and the list.
import { Network, SpellCheck } from 'lucide-react'
import { useDeferredValue } from 'react'
import { useStore } from 'zustand'
import { findFamilies, findReadyModels, installedOf } from '../../state/catalogueFilters.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { useCatalogue, useFits } from './catalogueContext.ts'
import { FamilyCard } from './FamilyCard.tsx'
import { Filters } from './Filters.tsx'
import { InspectPanel } from './InspectPanel.tsx'
import { PageHeading } from './PageHeading.tsx'
import { ReadyList } from './ReadyList.tsx'
import { Shelf } from './Shelf.tsx'

export function Catalogue() {
  const { open } = useCatalogue()
  return (
    <div className="browse-page">
      <header className="page-head">
        <PageHeading>{t('models.title')}</PageHeading>
        <p className="soft">{t('models.lead')}</p>
        <p className="page-tools">
          <Button
            label={t('models.map')}
            icon={<Network aria-hidden="true" />}
            onPress={() => open({ kind: 'lineage', around: null })}
          />
          <Button
            label={t('models.names')}
            icon={<SpellCheck aria-hidden="true" />}
            onPress={() => open({ kind: 'names', name: '' })}
          />
        </p>
      </header>
      <Shelf />
      <InspectPanel />
      <FamilyList />
    </div>
  )
}

function FamilyList() {
  const { browse, filter, surroundings } = useCatalogue()
  const filters = useStore(browse, (state) => state.filters)
  const { installed, records } = useStore(surroundings)
  const fitOf = useFits()
  // Typing stays quick: the list follows when there is time.
  const wanted = useDeferredValue(filters)
  const found = findFamilies(wanted, fitOf, (variant) => installedOf(variant, installed, records).length > 0)
  const ready = findReadyModels(wanted)
  const count = found.reduce((total, { lines }) => total + lines.flat().length, 0)
  return (
    <section className="families" aria-labelledby="families-title">
      <h2 id="families-title" className="section-title">
        {t('models.all')}
      </h2>
      <Filters />
      <p className="soft" role="status">
        {foundWords(found.length, count, ready.length)}
      </p>
      {found.length + ready.length === 0 ? (
        <div className="empty-state">
          <p>{t('models.nothingAtOnce')}</p>
          {wanted.fitsHere ? <p className="soft">{t('models.nothingHint')}</p> : null}
          <Button label={t('models.showAll')} onPress={() => filter(browse.getInitialState().filters)} />
        </div>
      ) : (
        <ul className="family-list">
          {found.map((one) => (
            <FamilyCard key={one.family.id} {...one} fitOf={fitOf} />
          ))}
        </ul>
      )}
      {ready.length === 0 ? null : <ReadyList models={ready} />}
    </section>
  )
}

function foundWords(familyCount: number, modelCount: number, readyCount: number): string {
  if (familyCount + readyCount === 0) return t('models.nothing')
  const families = t('models.families', { count: familyCount })
  const models = t('units.models', { count: modelCount })
  return readyCount === 0
    ? t('models.found', { families, models })
    : t('models.foundWithReady', { families, models, ready: t('models.ready', { count: readyCount }) })
}
