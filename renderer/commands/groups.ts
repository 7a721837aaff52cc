// Every command by where its keys act, for the lists of keys. A new list of items is one line here.
import type { App } from '../state/app.ts'
import type { Keyed, ShortcutGroup } from '../state/shortcuts.ts'
import { chatCommands } from './chatCommands.ts'
import { deskCommands, windowCommands } from './index.ts'
import type { ItemCommand } from './itemCommand.ts'
import { jobCommands } from './jobCommands.ts'
import { messageCommands, versionCommands } from './messageCommands.ts'
import { modelCommands } from './modelCommands.ts'

export interface ListedCommand extends Keyed {
  readonly title: (app: App) => string
}

/** Its words are `shortcuts.groups.<id>`. */
export interface CommandGroup extends ShortcutGroup<ListedCommand> {
  readonly id: 'desk' | 'window' | 'chats' | 'messages' | 'jobs' | 'installed'
}

export const commandGroups: readonly CommandGroup[] = [
  { id: 'desk', kind: 'window', commands: deskCommands },
  { id: 'window', kind: 'window', commands: windowCommands },
  { id: 'chats', kind: 'item', commands: listed(Object.values(chatCommands)) },
  {
    id: 'messages',
    kind: 'item',
    commands: listed([...Object.values(messageCommands), ...Object.values(versionCommands)]),
  },
  { id: 'jobs', kind: 'item', commands: listed(Object.values(jobCommands)) },
  { id: 'installed', kind: 'item', commands: listed(Object.values(modelCommands)) },
]

function listed<Item, Parts>(commands: readonly ItemCommand<Item, Parts>[]): readonly ListedCommand[] {
  return commands.map((command) => ({ ...command, title: () => command.title(null) }))
}
