import type { Command } from './command.ts'

export const switchModel: Command = {
  id: 'model.switch',
  title: () => 'Switch model',
  shortcut: { key: 'l', mod: true },
  isEnabled: () => true,
  run: ({ navigation }) =>
    navigation.store.getState().switcherOpen ? navigation.closeSwitcher() : navigation.openSwitcher(),
}
