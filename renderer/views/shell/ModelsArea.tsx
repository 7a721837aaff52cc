// Models: find one, see what is here, what is on its way, and what this computer can do.
import type { ComponentType } from 'react'
import type { ModelsPage } from '../../state/navigation.ts'
import { useApp, useValue } from '../app.ts'
import { Downloads } from '../downloads/Downloads.tsx'
import { HardwarePage } from '../hardware/HardwarePage.tsx'
import { Installed } from '../installed/Installed.tsx'
import { Browse } from '../models/Browse.tsx'
import { PageNav } from './PageNav.tsx'

const pages: readonly { readonly page: ModelsPage; readonly title: string; readonly View: ComponentType }[] = [
  { page: 'browse', title: 'Browse', View: Browse },
  { page: 'installed', title: 'Installed', View: Installed },
  { page: 'downloads', title: 'Downloads', View: Downloads },
  { page: 'hardware', title: 'Hardware', View: HardwarePage },
]

export function ModelsArea() {
  const { navigation } = useApp()
  const current = useValue(navigation.store, (state) => state.modelsPage)
  return (
    <div className="area area-paged">
      <PageNav label="Pages of Models" pages={pages} current={current} onShow={navigation.showModels} />
      <main className="page-scroll">
        {pages.map(({ page, View }) => (page === current ? <View key={page} /> : null))}
      </main>
    </div>
  )
}
