// What the palette offers: every command that can be used now, with its keys, the folders the open chat can go to, chats, models and families.
import { formatParameters } from '../../../shared/units.ts'
import type { Command } from '../../commands/command.ts'
import { commands } from '../../commands/index.ts'
import { openChat, openPalette, openSummary } from '../../commands/openChatCommands.ts'
import type { App } from '../../state/app.ts'
import { spokenLanguage, t } from '../../words/words.ts'
import { titleOf } from '../sidebar/names.ts'

export interface Entry {
  /** Unique among all, and the same next time. */
  readonly id: string
  readonly group: 'commands' | 'chats' | 'models' | 'families'
  readonly label: string
  /** Beside the label. */
  readonly note: string
  /** Printed at the end of the line. */
  readonly keys: string
  readonly words: readonly string[]
  readonly run: () => void
}

const mostChats = 2000

/** `keysOf`: as printed. */
export function paletteEntries(app: App, keysOf: (command: Command) => string): readonly Entry[] {
  return [
    ...commandEntries(app, keysOf),
    ...folderEntries(app),
    ...chatEntries(app),
    ...modelEntries(app),
    ...familyEntries(app),
  ]
}

function commandEntries(app: App, keysOf: (command: Command) => string): readonly Entry[] {
  return commands
    .filter((command) => command !== openPalette && command.isEnabled(app))
    .map((command) => ({
      id: `command ${command.id}`,
      group: 'commands',
      label: command.title(app),
      note: noteOf(command.id),
      keys: keysOf(command),
      words: [command.id],
      run: () => command.run(app),
    }))
}

/** Variants and areas are named by one word, and two of them by the same. */
function noteOf(id: string): string {
  if (id.startsWith('variant.')) return t('palette.variant')
  return id.startsWith('area.') ? t('palette.area') : ''
}

function folderEntries(app: App): readonly Entry[] {
  const chat = openSummary(app)
  if (chat === undefined) return []
  const { folders } = app.chats.store.getState()
  const entry = (folderId: string | null, label: string): Entry => ({
    id: `move ${folderId}`,
    group: 'commands',
    label,
    note: '',
    keys: '',
    words: [t('sidebar.move')],
    run: () => void app.chats.move(chat.id, folderId),
  })
  return [
    ...folders
      .filter(({ id }) => id !== chat.folderId)
      .map(({ id, name }) => entry(id, t('palette.moveTo', { folder: name }))),
    ...(chat.folderId === null ? [] : [entry(null, t('palette.moveOut'))]),
  ]
}

function chatEntries(app: App): readonly Entry[] {
  const days = new Intl.DateTimeFormat(spokenLanguage(), { dateStyle: 'medium' })
  return app.chats.store
    .getState()
    .chats.slice(0, mostChats)
    .map((chat) => ({
      id: `chat ${chat.id}`,
      group: 'chats',
      label: titleOf(chat),
      note: days.format(chat.updatedAtMs),
      keys: '',
      words: [],
      run: () => openChat(app, chat.id),
    }))
}

function modelEntries(app: App): readonly Entry[] {
  const { installed, selected } = app.models.getState()
  return installed
    .filter(({ key }) => key !== selected?.key)
    .map((model) => ({
      id: `model ${model.key}`,
      group: 'models',
      label: t('palette.use', { title: model.manifest.title }),
      note: `${model.manifest.variant}, ${formatParameters(model.manifest.parameters)}`,
      keys: '',
      words: [model.manifest.family, model.manifest.id],
      run: () => {
        app.navigation.show('chat')
        void app.select(model)
      },
    }))
}

/** A family is used through its member of the variant in use, or its first. */
function familyEntries(app: App): readonly Entry[] {
  const { installed, selected } = app.models.getState()
  const families = Map.groupBy(installed, ({ manifest }) => manifest.family)
  return [...families]
    .filter(([name]) => name !== selected?.manifest.family)
    .flatMap(([name, members]) => {
      const model = members.find(({ manifest }) => manifest.variant === selected?.manifest.variant) ?? members[0]
      if (model === undefined) return []
      return {
        id: `family ${name}`,
        group: 'families' as const,
        label: t('palette.family', { name }),
        note: members.map(({ manifest }) => manifest.variant).join(', '),
        keys: '',
        words: [],
        run: () => {
          app.navigation.show('chat')
          void app.select(model)
        },
      }
    })
}
