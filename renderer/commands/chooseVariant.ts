import type { Variant } from '../../shared/model.ts'
import type { App } from '../state/app.ts'
import { familyOf } from '../state/models.ts'
import type { Command } from './command.ts'

const titles: Readonly<Record<Variant, string>> = { base: 'Base', instruct: 'Instruct', chat: 'Chat' }
const digits: Readonly<Record<Variant, string>> = { base: 'Digit1', instruct: 'Digit2', chat: 'Digit3' }

/** Loads another member of the family. The text of each stays where it is. */
export function chooseVariant(variant: Variant): Command {
  return {
    id: `variant.${variant}`,
    title: () => titles[variant],
    shortcut: { key: digits[variant], alt: true },
    isEnabled: (app) => member(app, variant) !== undefined,
    run: (app) => {
      const model = member(app, variant)
      if (model !== undefined && model !== app.models.getState().selected) void app.select(model)
    },
  }
}

function member(app: App, variant: Variant) {
  return familyOf(app.models.getState())?.members.find((model) => model.manifest.variant === variant)
}
