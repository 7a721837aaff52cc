// Models: find one, see what is here, what is on its way, and what this computer can do.
import type { ComponentType } from 'react'
import type { ModelsPage } from '../../state/navigation.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { Downloads } from '../downloads/Downloads.tsx'
import { HardwarePage } from '../hardware/HardwarePage.tsx'
import { Installed } from '../installed/Installed.tsx'
import { Browse } from '../models/Browse.tsx'
import { PageNav } from './PageNav.tsx'

const pages: readonly { readonly page: ModelsPage; readonly View: ComponentType }[] = [
  { page: 'browse', View: Browse },
  { page: 'installed', View: Installed },
  { page: 'downloads', View: Downloads },
  { page: 'hardware', View: HardwarePage },
]

export function ModelsArea() {
  const { navigation } = useApp()
  const current = useValue(navigation.store, (state) => state.modelsPage)
  return (
    <div className="area area-paged">
      <PageNav
        label={t('shell.modelsPages.label')}
        pages={pages.map(({ page }) => ({ page, title: t(`shell.modelsPages.${page}`) }))}
        current={current}
        onShow={navigation.showModels}
      />
      <main className="page-scroll">
        {pages.map(({ page, View }) => (page === current ? <View key={page} /> : null))}
      </main>
    </div>
  )
}
