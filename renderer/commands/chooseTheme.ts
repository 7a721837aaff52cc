import type { Theme } from '../state/appearance.ts'
import { t } from '../words/words.ts'
import type { Command } from './command.ts'

/** Light, dark, or what the system says. */
export function chooseTheme(theme: Theme): Command {
  return {
    id: `appearance.${theme}`,
    title: () => t(`settings.themes.${theme}`),
    shortcut: null,
    isEnabled: () => true,
    run: (app) => app.appearance.setState({ theme }),
  }
}
