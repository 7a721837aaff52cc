// The theme that a person chose, in the page's own storage, which lies in the data folder like everything else. Storage may be refused or hold anything.
import type { Theme } from './state/appearance.ts'

const key = 'hearth.theme'
const themes: readonly Theme[] = ['system', 'light', 'dark']

export function readTheme(storage: Pick<Storage, 'getItem'>): Theme {
  try {
    const kept = storage.getItem(key)
    return themes.find((theme) => theme === kept) ?? 'system'
  } catch {
    return 'system'
  }
}

export function keepTheme(storage: Pick<Storage, 'setItem'>, theme: Theme): void {
  try {
    storage.setItem(key, theme)
  } catch {
    // It is chosen anew next time.
  }
}
