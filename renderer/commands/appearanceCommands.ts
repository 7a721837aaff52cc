// How the window looks and in which language it speaks, one choice each, for the palette and for keys of one's own.
import { type Language, languageNames } from '../../shared/language.ts'
import { type Theme, themes } from '../state/appearance.ts'
import { ownNames, t } from '../words/words.ts'
import type { Command } from './command.ts'

/** Light, dark, or what the system says. */
export function chooseTheme(theme: Theme): Command {
  return {
    id: `appearance.${theme}`,
    title: () => t('commands.theme', { theme: t(`settings.themes.${theme}`) }),
    shortcut: null,
    isEnabled: () => true,
    run: (app) => app.appearance.setState({ theme }),
  }
}

function chooseLanguage(language: Language | 'system'): Command {
  return {
    id: `language.${language}`,
    title: () =>
      t('commands.language', {
        language: language === 'system' ? t('settings.languageSystem') : ownNames[language],
      }),
    shortcut: null,
    isEnabled: () => true,
    run: (app) => app.appearance.setState({ language }),
  }
}

const toggleContrast: Command = {
  id: 'appearance.contrast',
  title: () => t('commands.contrast'),
  shortcut: null,
  isEnabled: () => true,
  run: (app) => app.appearance.setState(({ contrast }) => ({ contrast: contrast === 'more' ? 'system' : 'more' })),
}

export const appearanceCommands: readonly Command[] = [
  ...themes.map(chooseTheme),
  toggleContrast,
  ...(['system', ...languageNames] as const).map(chooseLanguage),
]
