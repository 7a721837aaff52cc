import type { Area } from '../state/navigation.ts'
import { t } from '../words/words.ts'
import type { Command } from './command.ts'

function showArea(area: Area, keys: Pick<Command, 'shortcut' | 'otherShortcut'>): Command {
  return {
    id: `area.${area}`,
    title: () => t(`shell.areas.${area}`),
    ...keys,
    isEnabled: () => true,
    run: (app) => app.navigation.show(area),
  }
}

/** The areas of the app, in the order of their keys. */
export const areaCommands = {
  chat: showArea('chat', { shortcut: { key: 'Digit1', mod: true } }),
  models: showArea('models', { shortcut: { key: 'Digit2', mod: true } }),
  settings: showArea('settings', {
    shortcut: { key: 'Digit3', mod: true },
    otherShortcut: { key: ',', mod: true },
  }),
} as const satisfies Readonly<Record<Area, Command>>
