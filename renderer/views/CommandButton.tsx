// A button for a command: its title, its shortcut and whether it can be used now all come from the command.
import type { ReactNode, Ref } from 'react'
import type { Command } from '../commands/command.ts'
import { Button, type ButtonProps } from '../ui/Button.tsx'
import { useAll, useApp } from './app.ts'
import { useShownKeys } from './keys.ts'

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
  const { texts, aria } = useShownKeys()(command)
  return (
    <Button
      {...(ref === undefined ? {} : { ref })}
      label={command.title(app)}
      icon={icon}
      {...(kind === undefined ? {} : { kind })}
      {...(aria === undefined ? {} : { keyShortcut: aria })}
      {...(showKeys && texts[0] !== undefined ? { shortcut: texts[0] } : {})}
      disabled={!command.isEnabled(app)}
      onPress={() => command.run(app)}
    />
  )
}
