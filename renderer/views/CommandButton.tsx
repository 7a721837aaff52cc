// A button for a command: its title, its shortcut and whether it can be used now all come from the command.
import type { ReactNode, Ref } from 'react'
import { type Command, type Shortcut, shortcutsOf, shortcutText } from '../commands/command.ts'
import { Button, type ButtonProps } from '../ui/Button.tsx'
import { isMac, useAll, useApp } from './app.ts'

export interface CommandButtonProps {
  readonly command: Command
  readonly icon?: ReactNode
  readonly kind?: ButtonProps['kind']
  readonly showKeys?: boolean
  readonly ref?: Ref<HTMLButtonElement>
}

export function CommandButton({ command, icon, kind, showKeys = false, ref }: CommandButtonProps) {
  const app = useApp()
  useAll(app)
  const { shortcut } = command
  return (
    <Button
      {...(ref === undefined ? {} : { ref })}
      label={command.title(app)}
      icon={icon}
      {...(kind === undefined ? {} : { kind })}
      {...(shortcut === null ? {} : { keyShortcut: shortcutsOf(command).map(ariaKeys).join(' ') })}
      {...(showKeys && shortcut !== null ? { shortcut: shortcutText(shortcut, isMac) } : {})}
      disabled={!command.isEnabled(app)}
      onPress={() => command.run(app)}
    />
  )
}

/** The notation of aria-keyshortcuts. */
export function ariaKeys({ key, mod, shift, alt }: Shortcut): string {
  const modifiers = [mod ? (isMac ? 'Meta' : 'Control') : '', alt ? 'Alt' : '', shift ? 'Shift' : '']
  return [...modifiers, key.replace(/^(Key|Digit)/, '').replace(/^[a-z]$/, (letter) => letter.toUpperCase())]
    .filter((part) => part !== '')
    .join('+')
}
