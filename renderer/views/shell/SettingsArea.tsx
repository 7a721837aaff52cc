// Settings, one page per concern.
import type { ComponentType } from 'react'
import type { SettingsPage } from '../../state/navigation.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { Ledger } from '../network/Ledger.tsx'
import { AppearanceSettings } from '../settings/AppearanceSettings.tsx'
import { GeneralSettings } from '../settings/GeneralSettings.tsx'
import { HubSettings } from '../settings/HubSettings.tsx'
import { ShortcutSettings } from '../settings/ShortcutSettings.tsx'
import { StorageSettings } from '../settings/StorageSettings.tsx'
import { PageNav } from './PageNav.tsx'

const pages: readonly { readonly page: SettingsPage; readonly View: ComponentType }[] = [
  { page: 'general', View: GeneralSettings },
  { page: 'appearance', View: AppearanceSettings },
  { page: 'shortcuts', View: ShortcutSettings },
  { page: 'hub', View: HubSettings },
  { page: 'storage', View: StorageSettings },
  { page: 'network', View: Ledger },
]

export function SettingsArea() {
  const { navigation } = useApp()
  const current = useValue(navigation.store, (state) => state.settingsPage)
  return (
    <div className="area area-paged">
      <PageNav
        label={t('shell.settingsPages.label')}
        pages={pages.map(({ page }) => ({ page, title: t(`shell.settingsPages.${page}`) }))}
        current={current}
        onShow={navigation.showSettings}
      />
      <main className="page-scroll">
        {pages.map(({ page, View }) => (page === current ? <View key={page} /> : null))}
      </main>
    </div>
  )
}
