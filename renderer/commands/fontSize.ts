import { resized } from '../state/appearance.ts'
import { t } from '../words/words.ts'
import type { Command } from './command.ts'

/** The text of the window, and everything with it. The keys are those of a browser's zoom. */
export const fontSizeCommands = {
  larger: {
    id: 'appearance.larger',
    title: () => t('commands.larger'),
    shortcut: { key: '=', mod: true },
    otherShortcut: { key: '+', mod: true },
    isEnabled: (app) => app.appearance.getState().fontSize !== 'largest',
    run: (app) => app.appearance.setState(({ fontSize }) => ({ fontSize: resized(fontSize, 1) })),
  },
  smaller: {
    id: 'appearance.smaller',
    title: () => t('commands.smaller'),
    shortcut: { key: '-', mod: true },
    isEnabled: (app) => app.appearance.getState().fontSize !== 'small',
    run: (app) => app.appearance.setState(({ fontSize }) => ({ fontSize: resized(fontSize, -1) })),
  },
  usual: {
    id: 'appearance.usualSize',
    title: () => t('commands.usualSize'),
    shortcut: { key: 'Digit0', mod: true },
    isEnabled: () => true,
    run: (app) => app.appearance.setState({ fontSize: 'usual' }),
  },
} as const satisfies Readonly<Record<string, Command>>
