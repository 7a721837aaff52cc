// Models > Browse: the page that is open, and the whole area as a place to drop a folder or an address.
import { lazy, Suspense } from 'react'
import { useStore } from 'zustand'
import { t } from '../../words/words.ts'
import { Catalogue } from './Catalogue.tsx'
import { useCatalogue } from './catalogueContext.ts'
import { DropArea } from './DropArea.tsx'
import { FamilyPage } from './FamilyPage.tsx'
import { InspectionPage } from './InspectionPage.tsx'
import { NamePage } from './NamePage.tsx'

// The graph library is loaded when somebody looks at the graph.
const LineagePage = lazy(() =>
  import('../lineage/LineagePage.tsx').then(({ LineagePage: page }) => ({ default: page })),
)

export function Browse() {
  const { browse } = useCatalogue()
  const page = useStore(browse, (state) => state.page)
  return (
    <DropArea>
      <Suspense fallback={<p className="browse-page soft">{t('models.mapDrawn')}</p>}>
        {page.kind === 'all' ? (
          <Catalogue />
        ) : page.kind === 'family' ? (
          <FamilyPage key={page.id} id={page.id} variant={page.variant} />
        ) : page.kind === 'lineage' ? (
          <LineagePage key={page.around} around={page.around} />
        ) : page.kind === 'names' ? (
          <NamePage name={page.name} />
        ) : (
          <InspectionPage />
        )}
      </Suspense>
    </DropArea>
  )
}
