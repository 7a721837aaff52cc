// Where the person is: the area of the app, the page within Models and Settings, and whether the model switcher is open.
import { createStore } from 'zustand/vanilla'

export type Area = 'chat' | 'models' | 'settings'
export type ModelsPage = 'browse' | 'installed' | 'downloads' | 'hardware'
export type SettingsPage = 'general' | 'hub' | 'storage' | 'network'

export interface NavigationState {
  readonly area: Area
  /** The page of each area that has pages, also while another area is seen. */
  readonly modelsPage: ModelsPage
  readonly settingsPage: SettingsPage
  readonly switcherOpen: boolean
}

export function createNavigation() {
  const store = createStore<NavigationState>()(() => ({
    area: 'chat',
    modelsPage: 'browse',
    settingsPage: 'general',
    switcherOpen: false,
  }))
  return {
    store,
    show: (area: Area) => store.setState({ area, switcherOpen: false }),
    showModels: (modelsPage: ModelsPage) => store.setState({ area: 'models', modelsPage, switcherOpen: false }),
    showSettings: (settingsPage: SettingsPage) =>
      store.setState({ area: 'settings', settingsPage, switcherOpen: false }),
    openSwitcher: () => store.setState({ switcherOpen: true }),
    closeSwitcher: () => store.setState({ switcherOpen: false }),
  }
}
