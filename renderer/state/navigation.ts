// Where the person is: the area of the app, the page within Models and Settings, and what lies open over them.
import { createStore } from 'zustand/vanilla'

export type Area = 'chat' | 'models' | 'settings'
export type ModelsPage = 'browse' | 'installed' | 'downloads' | 'hardware'
export type SettingsPage = 'general' | 'appearance' | 'shortcuts' | 'hub' | 'storage' | 'network'

/** Beside the conversation. */
export type ChatPanel = 'sampling' | 'tokens' | 'compare'

export interface NavigationState {
  readonly area: Area
  /** The page of each area that has pages, also while another area is seen. */
  readonly modelsPage: ModelsPage
  readonly settingsPage: SettingsPage
  readonly switcherOpen: boolean
  /** The list of chats beside the conversation. */
  readonly sidebarOpen: boolean
  readonly panel: ChatPanel | null
  /** Whose tokens the panel shows; null: the prompt that would be sent now. */
  readonly inspectedId: string | null
  readonly paletteOpen: boolean
  /** The list of keys. */
  readonly shortcutsOpen: boolean
  /** The line that finds text in the open chat. */
  readonly findOpen: boolean
  /** The message to scroll to and mark, until it was done. */
  readonly soughtId: string | null
  /** The chat or folder whose name is being written in the list. */
  readonly renamingId: string | null
  /** Groups of the list of chats of which only the heading is seen. */
  readonly closedGroups: ReadonlySet<string>
}

export function createNavigation() {
  const store = createStore<NavigationState>()(() => ({
    area: 'chat',
    modelsPage: 'browse',
    settingsPage: 'general',
    switcherOpen: false,
    sidebarOpen: true,
    panel: null,
    inspectedId: null,
    paletteOpen: false,
    shortcutsOpen: false,
    findOpen: false,
    soughtId: null,
    renamingId: null,
    closedGroups: new Set(),
  }))
  return {
    store,
    show: (area: Area) => store.setState({ area, switcherOpen: false }),
    showModels: (modelsPage: ModelsPage) => store.setState({ area: 'models', modelsPage, switcherOpen: false }),
    showSettings: (settingsPage: SettingsPage) =>
      store.setState({ area: 'settings', settingsPage, switcherOpen: false }),
    openSwitcher: () => store.setState({ switcherOpen: true, paletteOpen: false }),
    closeSwitcher: () => store.setState({ switcherOpen: false }),
    toggleSidebar: () => store.setState(({ sidebarOpen }) => ({ sidebarOpen: !sidebarOpen })),
    showSidebar: () => store.setState({ area: 'chat', sidebarOpen: true }),
    /** The same panel once more closes it. */
    togglePanel: (panel: ChatPanel) =>
      store.setState((state) => ({ panel: state.panel === panel ? null : panel, inspectedId: null })),
    inspect: (messageId: string | null) => store.setState({ panel: 'tokens', inspectedId: messageId }),
    closePanel: () => store.setState({ panel: null }),
    openPalette: () => store.setState({ paletteOpen: true, switcherOpen: false }),
    closePalette: () => store.setState({ paletteOpen: false }),
    toggleShortcuts: () => store.setState(({ shortcutsOpen }) => ({ shortcutsOpen: !shortcutsOpen })),
    closeShortcuts: () => store.setState({ shortcutsOpen: false }),
    openFind: () => store.setState({ area: 'chat', findOpen: true }),
    closeFind: () => store.setState({ findOpen: false }),
    toggleGroup: (id: string) =>
      store.setState(({ closedGroups }) => ({
        closedGroups: new Set(
          closedGroups.has(id) ? [...closedGroups].filter((one) => one !== id) : [...closedGroups, id],
        ),
      })),
    rename: (id: string) => store.setState({ area: 'chat', sidebarOpen: true, paletteOpen: false, renamingId: id }),
    endRename: () => store.setState({ renamingId: null }),
    seek: (messageId: string | null) => store.setState({ soughtId: messageId }),
  }
}
