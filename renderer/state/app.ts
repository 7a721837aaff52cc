// The app without a screen: the stores and everything that changes them. Commands call these functions, views read the stores.
import type { InstalledModel } from '../../shared/model.ts'
import type { Engine } from '../inference/engine.ts'
import type { Call } from '../ipc.ts'
import { renderHtml } from '../reading/exportHtml.ts'
import { spokenLanguage } from '../words/words.ts'
import { createAppearance, switched } from './appearance.ts'
import type { Chats } from './chats/api.ts'
import type { Conversation } from './chats/conversation.ts'
import { createChatting } from './chats/create.ts'
import type { After } from './chats/timer.ts'
import { createCompare } from './compare.ts'
import { createCopies } from './copies.ts'
import { createExporting } from './exporting.ts'
import { exportWords } from './exportWords.ts'
import { createFinding } from './finding.ts'
import { createInspectRecord } from './inspectRecord.ts'
import { createLoading, type Loading } from './loading.ts'
import { createModels } from './models.ts'
import { createNavigation } from './navigation.ts'
import { createShortcuts } from './shortcuts.ts'

export interface AppParts {
  readonly engine: Engine
  /** Chats are asked of main. */
  readonly call: Call
  readonly listModels: () => Promise<readonly InstalledModel[]>
  /** Starts the job that fetches or makes the damaged files of a model again. */
  readonly repairModel: (key: string) => Promise<unknown>
  readonly nowMs: () => number
  /** Time of day. */
  readonly dateMs: () => number
  readonly after: After
  readonly newId: () => string
  readonly drawSeed: () => number
  readonly systemIsDark: () => boolean
}

export type App = ReturnType<typeof createApp>

/** What the bundled model, which has only read children's stories, continues on the very first launch. */
export const openingText = 'Once upon a time'

export function createApp(parts: AppParts) {
  const models = createModels()
  const appearance = createAppearance()
  const navigation = createNavigation()
  const shortcuts = createShortcuts()
  const select = (model: InstalledModel): Promise<void> => loading.select(model)
  const chatting = createChatting({ ...parts, models, select })
  const chats: Chats = chatting.chats
  const conversation: Conversation = chatting.conversation
  const loading: Loading = createLoading({
    ...parts,
    models,
    openLast: (first) => chatting.start(first?.bundled === true ? openingText : ''),
    interrupt: () => conversation.interrupt(),
  })

  const finding = createFinding(conversation.store, navigation.seek)
  const exporting = createExporting({
    read: chats.read,
    record: conversation.record,
    save: (file) => parts.call('files.save', file),
    print: () => parts.call('page.print', undefined),
    renderHtml,
    words: exportWords,
    language: spokenLanguage,
  })

  function switchTheme(): void {
    appearance.setState(({ theme }) => ({ theme: switched(theme, parts.systemIsDark()) }))
  }

  const compare = createCompare({ ...parts, models, conversation, select })
  const inspectRecord = createInspectRecord({ ...parts, models })
  const copies = createCopies({ ...parts, settled: chatting.settled, forgetRemoved: chats.dismiss })
  const desk = { models, chats, copies, conversation, compare, inspectRecord, finding, exporting }
  return { ...desk, appearance, navigation, shortcuts, ...loading, switchTheme }
}
