// The keys that a person gave to commands in place of their own, and what decides whether a command may have a key. Every place that shows or acts on keys
// asks keysOf.
import { createStore } from 'zustand/vanilla'
import type { Shortcut } from '../commands/command.ts'

/** By id of the command: the key it has instead of its own; null: none. */
export type ChangedShortcuts = Readonly<Record<string, Shortcut | null>>

export interface ShortcutsState {
  readonly changed: ChangedShortcuts
}

export function createShortcuts() {
  return createStore<ShortcutsState>()(() => ({ changed: {} }))
}

/** What of a command has to do with keys. */
export interface Keyed {
  readonly id: string
  readonly shortcut: Shortcut | null
  readonly otherShortcut?: Shortcut
}

/** The keys that count now; the first is shown on buttons. */
export function keysOf({ id, shortcut, otherShortcut }: Keyed, changed: ChangedShortcuts): readonly Shortcut[] {
  const own = changed[id]
  if (own !== undefined) return own === null ? [] : [own]
  return [shortcut, otherShortcut].filter((known) => known != null)
}

export function withShortcut(changed: ChangedShortcuts, id: string, shortcut: Shortcut | null): ChangedShortcuts {
  return { ...changed, [id]: shortcut }
}

export function withoutChange(changed: ChangedShortcuts, id: string): ChangedShortcuts {
  const { [id]: _dropped, ...rest } = changed
  return rest
}

/** Commands whose keys are listed together. */
export interface ShortcutGroup<Command extends Keyed = Keyed> {
  readonly id: string
  /** window: everywhere or in the chat. item: while the focus is within an item of its list. */
  readonly kind: 'window' | 'item'
  readonly commands: readonly Command[]
}

export type Verdict<Command extends Keyed = Keyed> =
  | { readonly kind: 'free' }
  /** text: the key types or moves in a field. system: texts and windows everywhere have it. */
  | { readonly kind: 'reserved'; readonly reason: 'text' | 'system' }
  | { readonly kind: 'taken'; readonly by: Command }

/** Whether a command may have a key. Lists of items do not get into each other's way; whatever acts in the whole window gets into everybody's. */
export function verdictOf<Command extends Keyed>(
  command: Keyed,
  wanted: Shortcut,
  groups: readonly ShortcutGroup<Command>[],
  changed: ChangedShortcuts,
): Verdict<Command> {
  const group = groups.find(({ commands }) => commands.some(({ id }) => id === command.id))
  const reason = reservation(command, wanted, group?.kind ?? 'window')
  if (reason !== null) return { kind: 'reserved', reason }
  const rivals = groups.filter((one) => one === group || one.kind === 'window' || group?.kind === 'window')
  const by = rivals
    .flatMap(({ commands }) => commands)
    .find((other) => other.id !== command.id && keysOf(other, changed).some((key) => isSame(key, wanted)))
  return by === undefined ? { kind: 'free' } : { kind: 'taken', by }
}

/** The command takes the key, and the one that had it gets the command's in its place, where it may have that. */
export function swapped<Command extends Keyed>(
  { command, wanted, other }: { readonly command: Keyed; readonly wanted: Shortcut; readonly other: Command },
  groups: readonly ShortcutGroup<Command>[],
  changed: ChangedShortcuts,
): ChangedShortcuts {
  const [given = null] = keysOf(command, changed)
  const taken = withShortcut(withShortcut(changed, command.id, wanted), other.id, null)
  const fits = given !== null && verdictOf(other, given, groups, taken).kind === 'free'
  return fits ? withShortcut(taken, other.id, given) : taken
}

/** Whether one press means both: letters and digits are named by what they type or by where they lie. */
export function isSame(one: Shortcut, other: Shortcut): boolean {
  return identity(one) === identity(other)
}

function identity({ key, mod, shift, alt }: Shortcut): string {
  return [mod === true, shift === true, alt === true, plainKey(key)].join(' ')
}

export function plainKey(key: string): string {
  return key.replace(/^(Key|Digit)(?=.$)/, '').toLowerCase()
}

const systemKeys: readonly Shortcut[] = [
  ...['c', 'x', 'v', 'a', 'z', 'y', 'q', 'w', 'm', 'h'].map((key) => ({ key, mod: true })),
  { key: 'z', mod: true, shift: true },
  { key: 'v', mod: true, shift: true },
  { key: 'F4', alt: true },
  { key: 'F11' },
]

function reservation(command: Keyed, wanted: Shortcut, kind: 'window' | 'item'): 'text' | 'system' | null {
  if ([command.shortcut, command.otherShortcut].some((own) => own != null && isSame(own, wanted))) return null
  if (wanted.key === 'Tab' || systemKeys.some((key) => isSame(key, wanted))) return 'system'
  if (/^(Escape|F\d+)$/.test(wanted.key)) return null
  if (['Enter', ' '].includes(wanted.key) && wanted.mod !== true && wanted.alt !== true) return 'text'
  // Ctrl with Alt is AltGr on many keyboards, which types characters.
  if (wanted.mod === true && wanted.alt === true) return 'text'
  if (kind === 'item') return null
  return wanted.mod === true || wanted.alt === true ? null : 'text'
}
