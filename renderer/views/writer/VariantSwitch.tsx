// base | instruct | chat: the members of the family. Arrow keys move, Enter or Space chooses, so that no model is loaded in passing.
import { ToggleGroup } from 'radix-ui'
import type { Variant } from '../../../shared/model.ts'
import { shortcutText } from '../../commands/command.ts'
import { variantCommands } from '../../commands/index.ts'
import { isMac, useAll, useApp } from '../app.ts'

const kinds: readonly { readonly variant: Variant; readonly does: string }[] = [
  { variant: 'base', does: 'continues text' },
  { variant: 'instruct', does: 'follows one instruction' },
  { variant: 'chat', does: 'takes turns' },
]

export function VariantSwitch() {
  const app = useApp()
  const { models } = useAll(app)
  return (
    <ToggleGroup.Root
      type="single"
      className="variants"
      aria-label={`Variant of ${models.selected?.manifest.family ?? 'the family'}`}
      value={models.selected?.manifest.variant ?? ''}
      onValueChange={(value) => {
        const chosen = kinds.find(({ variant }) => variant === value)
        if (chosen !== undefined) variantCommands[chosen.variant].run(app)
      }}
    >
      {kinds.map(({ variant, does }) => {
        const { title, shortcut, isEnabled } = variantCommands[variant]
        return (
          <ToggleGroup.Item
            key={variant}
            value={variant}
            className="variant"
            disabled={!isEnabled(app)}
            aria-label={`${title(app)}: ${does}`}
            title={shortcut === null ? does : `${does} (${shortcutText(shortcut, isMac)})`}
          >
            {title(app)}
          </ToggleGroup.Item>
        )
      })}
    </ToggleGroup.Root>
  )
}
