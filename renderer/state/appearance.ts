// Light or dark: the system's choice until a person makes theirs.
import { createStore } from 'zustand/vanilla'

export type Theme = 'system' | 'light' | 'dark'
export interface AppearanceState {
  readonly theme: Theme
  readonly shortcutsOpen: boolean
}

export function createAppearance() {
  return createStore<AppearanceState>()(() => ({ theme: 'system', shortcutsOpen: false }))
}

/** The theme that the switch leads to: the opposite of what is seen now. */
export function switched(theme: Theme, systemIsDark: boolean): Theme {
  const isDark = theme === 'dark' || (theme === 'system' && systemIsDark)
  return isDark ? 'light' : 'dark'
}
