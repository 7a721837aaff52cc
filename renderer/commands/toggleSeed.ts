import type { Command } from './command.ts'

export const toggleSeed: Command = {
  id: 'sampling.toggleSeed',
  title: (app) => (app.sampling.getState().seedKind === 'random' ? 'Keep this seed' : 'New seed each time'),
  shortcut: { key: 'KeyS', alt: true },
  isEnabled: () => true,
  run: (app) => app.sampling.setState(({ seedKind }) => ({ seedKind: seedKind === 'random' ? 'fixed' : 'random' })),
}
