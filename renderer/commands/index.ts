// Every command, in the order in which the list of shortcuts shows them.
import type { App } from '../state/app.ts'
import { keysOf } from '../state/shortcuts.ts'
import { appearanceCommands } from './appearanceCommands.ts'
import { chooseVariant } from './chooseVariant.ts'
import { type Command, type KeyPress, matches } from './command.ts'
import { continueWriting } from './continueWriting.ts'
import { eraseRemoved } from './eraseCommands.ts'
import { exportCommands, printChat } from './exportCommands.ts'
import { findInChat, findNext, findPrevious } from './findCommands.ts'
import { fontSizeCommands } from './fontSize.ts'
import { continueLast, regenerateLast } from './lastAnswer.ts'
import { newChat, newTemporaryChat } from './newChat.ts'
import { importChats, newFolder, openChatCommands, openPalette, toggleSidebar, undoRemove } from './openChatCommands.ts'
import { repairModel } from './repairModel.ts'
import { retryModel } from './retryModel.ts'
import { areaCommands } from './showArea.ts'
import { showShortcuts } from './showShortcuts.ts'
import { stopWriting } from './stopWriting.ts'
import { switchModel } from './switchModel.ts'
import { switchTheme } from './switchTheme.ts'
import { toggleCompare, toggleSampling, toggleTokens } from './togglePanel.ts'
import { undoWriting } from './undoWriting.ts'

export const variantCommands = {
  base: chooseVariant('base'),
  instruct: chooseVariant('instruct'),
  chat: chooseVariant('chat'),
} as const

/** Of the writing desk: their keys act only while it is seen. */
export const deskCommands: readonly Command[] = [
  continueWriting,
  stopWriting,
  undoWriting,
  regenerateLast,
  continueLast,
  variantCommands.base,
  variantCommands.instruct,
  variantCommands.chat,
  toggleSampling,
  toggleTokens,
  toggleCompare,
  findInChat,
  findNext,
  findPrevious,
  retryModel,
  repairModel,
]

/** Of the whole window. */
export const windowCommands: readonly Command[] = [
  areaCommands.chat,
  areaCommands.models,
  areaCommands.settings,
  newChat,
  newTemporaryChat,
  openPalette,
  toggleSidebar,
  ...Object.values(openChatCommands),
  undoRemove,
  newFolder,
  importChats,
  eraseRemoved,
  ...exportCommands,
  printChat,
  switchModel,
  switchTheme,
  fontSizeCommands.larger,
  fontSizeCommands.smaller,
  fontSizeCommands.usual,
  ...appearanceCommands,
  showShortcuts,
]

export const commands: readonly Command[] = [...deskCommands, ...windowCommands]

/** Runs the enabled command of a key press; false when the press is nobody's. */
export function runShortcut(app: App, press: KeyPress, isMac: boolean): boolean {
  const { changed } = app.shortcuts.getState()
  const command = activeCommands(app).find(
    (known) => known.isEnabled(app) && keysOf(known, changed).some((shortcut) => matches(shortcut, press, isMac)),
  )
  command?.run(app)
  return command !== undefined
}

/** Behind the list of shortcuts, the model switcher and the palette only the command that closes them acts. */
function activeCommands(app: App): readonly Command[] {
  const { area, switcherOpen, paletteOpen, shortcutsOpen } = app.navigation.store.getState()
  if (shortcutsOpen) return [showShortcuts]
  if (switcherOpen) return [switchModel]
  if (paletteOpen) return [openPalette]
  return area === 'chat' ? commands : windowCommands
}
