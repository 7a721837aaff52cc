// Keys of commands as they are shown and spoken: those that count now, whether a person changed them or not.
import { createContext, use } from 'react'
import { type Shortcut, shortcutText } from '../commands/command.ts'
import { type ChangedShortcuts, type Keyed, keysOf } from '../state/shortcuts.ts'
import { isMac } from './app.ts'

/** What a person changed, for every view: components that take no app show and use changed keys as well. */
export const ChangedKeysContext = createContext<ChangedShortcuts>({})

export function useChangedKeys(): ChangedShortcuts {
  return use(ChangedKeysContext)
}

export interface ShownKeys {
  /** As printed, the first one first. */
  readonly texts: readonly string[]
  /** The notation of aria-keyshortcuts; undefined where there are none. */
  readonly aria: string | undefined
}

export function useShownKeys(): (command: Keyed) => ShownKeys {
  const changed = useChangedKeys()
  return (command) => {
    const keys = keysOf(command, changed)
    return {
      texts: keys.map((key) => shortcutText(key, isMac)),
      aria: keys.length === 0 ? undefined : keys.map(ariaKeys).join(' '),
    }
  }
}

/** The notation of aria-keyshortcuts. */
export function ariaKeys({ key, mod, shift, alt }: Shortcut): string {
  const modifiers = [mod ? (isMac ? 'Meta' : 'Control') : '', alt ? 'Alt' : '', shift ? 'Shift' : '']
  const name = key === ' ' ? 'Space' : key === '+' ? 'Plus' : key.replace(/^(Key|Digit)(?=.$)/, '')
  return [...modifiers, name.replace(/^[a-z]$/, (letter) => letter.toUpperCase())]
    .filter((part) => part !== '')
    .join('+')
}
