// A thing a person can do: one object that button, shortcut and list of shortcuts share.
import type { App } from '../state/app.ts'
import { t } from '../words/words.ts'

export interface Shortcut {
  /** `KeyboardEvent.key`, case aside; or `code` for keys that Alt turns into other characters on macOS. */
  readonly key: string
  /** Ctrl, or Command on macOS. */
  readonly mod?: boolean
  readonly shift?: boolean
  readonly alt?: boolean
}

export interface Command {
  /** area.verb */
  readonly id: string
  readonly title: (app: App) => string
  readonly shortcut: Shortcut | null
  /** Another shortcut, for keyboards on which the first cannot be typed. */
  readonly otherShortcut?: Shortcut
  readonly isEnabled: (app: App) => boolean
  readonly run: (app: App) => void
}

/** The parts of a KeyboardEvent that decide. */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
  readonly isComposing?: boolean
}

/** Whether a key press is exactly this shortcut. Keys that belong to an input method never are. */
export function matches({ key, mod, shift, alt }: Shortcut, press: KeyPress, isMac: boolean): boolean {
  const modifier = isMac ? press.metaKey && !press.ctrlKey : press.ctrlKey && !press.metaKey
  const noModifier = !press.metaKey && !press.ctrlKey
  return (
    press.isComposing !== true &&
    (press.key.toLowerCase() === key.toLowerCase() || press.code === key) &&
    (mod === true ? modifier : noModifier) &&
    press.shiftKey === (shift === true) &&
    press.altKey === (alt === true)
  )
}

/** What to call a key press as a shortcut; null for modifiers alone and for what no shortcut can say. */
export function shortcutOf(press: KeyPress, isMac: boolean): Shortcut | null {
  const { key, code, ctrlKey, metaKey, shiftKey, altKey, isComposing } = press
  if (isComposing === true || ['Control', 'Meta', 'Shift', 'Alt', 'AltGraph', 'Dead', 'Process', ''].includes(key))
    return null
  const mod = isMac ? metaKey : ctrlKey
  if (isMac ? ctrlKey : metaKey) return null
  // What Alt types, and letters of other scripts, are named by where they lie.
  const isPlaced = /^(Key[A-Z]|Digit\d)$/.test(code) && (altKey || !/^[a-z]$/i.test(key))
  return {
    key: isPlaced ? code : key.length === 1 ? key.toLowerCase() : key,
    ...(mod ? { mod } : {}),
    ...(shiftKey ? { shift: true } : {}),
    ...(altKey ? { alt: true } : {}),
  }
}

const signs: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' }
/** Printed on keyboards in the language of their place. */
const named = ['Escape', 'Enter', 'Backspace', 'Delete', 'Home', 'End', 'PageUp', 'PageDown', 'Space'] as const

/** How a shortcut is printed: `Ctrl+Enter`, on macOS `⌘Enter`. */
export function shortcutText({ key, mod, shift, alt }: Shortcut, isMac: boolean): string {
  return [
    mod ? (isMac ? '⌘' : `${t('shortcuts.keys.Control')}+`) : '',
    alt ? (isMac ? '⌥' : `${t('shortcuts.keys.Alt')}+`) : '',
    shift ? (isMac ? '⇧' : `${t('shortcuts.keys.Shift')}+`) : '',
    keyText(key),
  ].join('')
}

function keyText(key: string): string {
  const plain = key === ' ' ? 'Space' : key.replace(/^(Key|Digit)(?=.$)/, '')
  const name = named.find((one) => one === plain)
  if (name !== undefined) return t(`shortcuts.keys.${name}`)
  return signs[plain] ?? (plain.length === 1 ? plain.toUpperCase() : plain)
}
