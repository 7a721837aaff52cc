// Every family that is known, without a network: what to begin with, a field for models from elsewhere, filters, and the list.
import { Network, SpellCheck } from 'lucide-react'
import { useDeferredValue } from 'react'
import { useStore } from 'zustand'
import { formatCount } from '../../../shared/units.ts'
import { findFamilies, findReadyModels, installedOf } from '../../state/catalogueFilters.ts'
import { Button } from '../../ui/Button.tsx'
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
        <PageHeading>Browse models</PageHeading>
        <p className="soft">
          The open families of 2023 and small ones of other years. What is said here is known without a network.
        </p>
        <p className="page-tools">
          <Button
            label="Map of where models come from"
            icon={<Network aria-hidden="true" />}
            onPress={() => open({ kind: 'lineage', around: null })}
          />
          <Button
            label="What a name says"
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
        All families
      </h2>
      <Filters />
      <p className="soft" role="status">
        {found.length + ready.length === 0
          ? 'Nothing matches.'
          : `${found.length === 1 ? '1 family' : `${found.length} families`}, ${formatCount(count, 'model')}${ready.length === 0 ? '' : `, and ${formatCount(ready.length, 'ready-made model')}`}`}
      </p>
      {found.length + ready.length === 0 ? (
        <div className="empty-state">
          <p>No model of the catalogue is all of that at once.</p>
          {wanted.fitsHere ? <p className="soft">A smaller size, or any licence, finds more that fits.</p> : null}
          <Button label="Show all" onPress={() => filter(browse.getInitialState().filters)} />
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
