import type { Theme } from '../state/appearance.ts'
import type { Command } from './command.ts'

/** Light, dark, or what the system says. */
export function chooseTheme(theme: Theme): Command {
  return {
    id: `appearance.${theme}`,
    title: () => ({ system: 'As the system', light: 'Light', dark: 'Dark' })[theme],
    shortcut: null,
    isEnabled: () => true,
    run: (app) => app.appearance.setState({ theme }),
  }
}
