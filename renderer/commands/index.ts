// Every command, in the order in which the list of shortcuts shows them. Ctrl/Cmd+1 to 3 are kept for the areas of the app.
import type { App } from '../state/app.ts'
import { chooseVariant } from './chooseVariant.ts'
import { clearWriting } from './clearWriting.ts'
import { type Command, type KeyPress, matches, shortcutsOf } from './command.ts'
import { continueWriting } from './continueWriting.ts'
import { repairModel } from './repairModel.ts'
import { retryModel } from './retryModel.ts'
import { showShortcuts } from './showShortcuts.ts'
import { stopWriting } from './stopWriting.ts'
import { switchTheme } from './switchTheme.ts'
import { toggleSeed } from './toggleSeed.ts'
import { undoWriting } from './undoWriting.ts'

export const variantCommands = {
  base: chooseVariant('base'),
  instruct: chooseVariant('instruct'),
  chat: chooseVariant('chat'),
} as const

export const commands: readonly Command[] = [
  continueWriting,
  stopWriting,
  undoWriting,
  clearWriting,
  variantCommands.base,
  variantCommands.instruct,
  variantCommands.chat,
  toggleSeed,
  retryModel,
  repairModel,
  switchTheme,
  showShortcuts,
]

/** Runs the enabled command of a key press; false when the press is nobody's. Behind the list of shortcuts only the list's own command acts. */
export function runShortcut(app: App, press: KeyPress, isMac: boolean): boolean {
  const active = app.appearance.getState().shortcutsOpen ? [showShortcuts] : commands
  const command = active.find(
    (known) => known.isEnabled(app) && shortcutsOf(known).some((shortcut) => matches(shortcut, press, isMac)),
  )
  command?.run(app)
  return command !== undefined
}
