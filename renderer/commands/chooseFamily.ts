import type { App } from '../state/app.ts'
import { familiesOf, familyOf } from '../state/models.ts'
import type { Command } from './command.ts'

/** Loads a model of another family: of the variant in use if it has that, else its first. */
export function chooseFamily(name: string): Command {
  return {
    id: 'family.choose',
    title: () => name,
    shortcut: null,
    isEnabled: (app) => member(app, name) !== undefined,
    run: (app) => {
      const model = member(app, name)
      if (model !== undefined && familyOf(app.models.getState())?.name !== name) void app.select(model)
    },
  }
}

function member(app: App, name: string) {
  const { installed, selected } = app.models.getState()
  const members = familiesOf(installed).find((family) => family.name === name)?.members ?? []
  return members.find(({ manifest }) => manifest.variant === selected?.manifest.variant) ?? members[0]
}
