// Settings, one page per concern.
import type { ComponentType } from 'react'
import type { SettingsPage } from '../../state/navigation.ts'
import { useApp, useValue } from '../app.ts'
import { Ledger } from '../network/Ledger.tsx'
import { AppearanceSettings } from '../settings/AppearanceSettings.tsx'
import { GeneralSettings } from '../settings/GeneralSettings.tsx'
import { HubSettings } from '../settings/HubSettings.tsx'
import { ShortcutSettings } from '../settings/ShortcutSettings.tsx'
import { StorageSettings } from '../settings/StorageSettings.tsx'
import { PageNav } from './PageNav.tsx'

const pages: readonly { readonly page: SettingsPage; readonly title: string; readonly View: ComponentType }[] = [
  { page: 'general', title: 'General', View: GeneralSettings },
  { page: 'appearance', title: 'Appearance', View: AppearanceSettings },
  { page: 'shortcuts', title: 'Shortcuts', View: ShortcutSettings },
  { page: 'hub', title: 'Hub & network', View: HubSettings },
  { page: 'storage', title: 'Storage', View: StorageSettings },
  { page: 'network', title: 'Network ledger', View: Ledger },
]

export function SettingsArea() {
  const { navigation } = useApp()
  const current = useValue(navigation.store, (state) => state.settingsPage)
  return (
    <div className="area area-paged">
      <PageNav label="Pages of Settings" pages={pages} current={current} onShow={navigation.showSettings} />
      <main className="page-scroll">
        {pages.map(({ page, View }) => (page === current ? <View key={page} /> : null))}
      </main>
    </div>
  )
}
