// A thing a person can do with one of a list: one object that its button, its key and the list of shortcuts share. The key acts while the focus is within
// the item.
import type { Management } from '../state/management.ts'
import { type ChangedShortcuts, keysOf } from '../state/shortcuts.ts'
import type { KeyPress, Shortcut } from './command.ts'
import { matches } from './command.ts'

/** `Parts`: what it acts on. */
export interface ItemCommand<Item, Parts = Management> {
  /** area.verb */
  readonly id: string
  /** null: in the list of shortcuts, where there is no item. */
  readonly title: (item: Item | null) => string
  readonly shortcut: Shortcut | null
  readonly otherShortcut?: Shortcut
  readonly isEnabled: (item: Item) => boolean
  /** What a person is asked before it is done; null where nothing is lost. */
  readonly question?: (item: Item) => Question | null
  readonly run: (parts: Parts, item: Item) => void
}

export interface Question {
  readonly title: string
  readonly text: string
  /** The button that does it. */
  readonly answer: string
}

/** The enabled command of a key press. */
export function itemCommandOf<Item, Parts = Management>(
  commands: readonly ItemCommand<Item, Parts>[],
  item: Item,
  press: KeyPress,
  isMac: boolean,
  changed: ChangedShortcuts,
): ItemCommand<Item, Parts> | undefined {
  return commands.find(
    (command) => command.isEnabled(item) && keysOf(command, changed).some((key) => matches(key, press, isMac)),
  )
}
