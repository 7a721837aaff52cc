import type { Area } from '../state/navigation.ts'
import type { Command } from './command.ts'

function showArea(area: Area, title: string, keys: Pick<Command, 'shortcut' | 'otherShortcut'>): Command {
  return {
    id: `area.${area}`,
    title: () => title,
    ...keys,
    isEnabled: () => true,
    run: (app) => app.navigation.show(area),
  }
}

/** The areas of the app, in the order of their keys. */
export const areaCommands = {
  chat: showArea('chat', 'Chat', { shortcut: { key: 'Digit1', mod: true } }),
  models: showArea('models', 'Models', { shortcut: { key: 'Digit2', mod: true } }),
  settings: showArea('settings', 'Settings', {
    shortcut: { key: 'Digit3', mod: true },
    otherShortcut: { key: ',', mod: true },
  }),
} as const satisfies Readonly<Record<Area, Command>>
