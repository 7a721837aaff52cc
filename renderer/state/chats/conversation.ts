// The chat that is open, put together from its parts. A chat whose answer is still being written stays in memory when another is opened, and is found
// again as it is.
import { createStore, type StoreApi } from 'zustand/vanilla'
import { versionsOf } from '../../../shared/chats/tree.ts'
import { type Chat, type ChatSettings, usualChatSettings } from '../../../shared/chats/types.ts'
import type { InstalledModel, Variant } from '../../../shared/model.ts'
import type { Engine } from '../../inference/engine.ts'
import type { Call } from '../../ipc.ts'
import type { ModelsState } from '../models.ts'
import type { ConversationState, OpenConversation } from './api.ts'
import { createAsking } from './asking.ts'
import type { ChatList } from './chats.ts'
import { createContextMeter } from './context.ts'
import { createCopying } from './copying.ts'
import { adoptVariant, changeChat, type Desk, nothingOmitted } from './desk.ts'
import { createDesks } from './desks.ts'
import { createEditing } from './editing.ts'
import { createKeeping } from './keeping.ts'
import { userMessage } from './messages.ts'
import { promptOf } from './prompts.ts'
import { createQueue } from './queue.ts'
import { createRepeating } from './repeating.ts'
import { createRuns } from './runs.ts'
import { samplingOf } from './sampling.ts'
import type { Outbox } from './saving.ts'
import type { After } from './timer.ts'

export interface ConversationParts {
  readonly engine: Engine
  readonly models: StoreApi<ModelsState>
  readonly select: (model: InstalledModel) => Promise<void>
  readonly call: Call
  readonly outbox: Outbox
  readonly list: ChatList
  readonly after: After
  readonly nowMs: () => number
  readonly dateMs: () => number
  readonly newId: () => string
  readonly drawSeed: () => number
}

export interface Conversation extends OpenConversation {
  /** Another model takes the place of the one in use: what runs ends, and its text stays. */
  interrupt(): void
  /** What is not saved yet goes to the disk now. */
  flush(): void
  /** The same before the window is gone: nothing waits for what was sent before. */
  close(): void
  /** The chat is open, or still in memory. */
  find(id: string): Desk | null
  /** Chats were removed: the open one gives way to a new one. */
  leave(ids: readonly string[]): Promise<void>
  /** A folder was removed: the chats in it, new ones among them, are in none. */
  leaveFolder(folderId: string): void
  /** A new chat whose page begins with this text for a base model. */
  begin(opening: string): void
}

const nothingOpen: ConversationState = {
  chat: null,
  isTemporary: false,
  messages: new Map(),
  path: [],
  run: { kind: 'idle' },
  writingChatId: null,
  live: null,
  document: null,
  context: null,
  omitted: nothingOmitted,
  problem: null,
  repeated: null,
  canBringBack: false,
}

export function createConversation(parts: ConversationParts): Conversation {
  const { engine, models, call, outbox, list, after, nowMs, dateMs, newId, drawSeed } = parts
  const store = createStore<ConversationState>()(() => nothingOpen)
  const isReadOnly = () => list.store.getState().notice.kind === 'read-only'
  const isLocked = (desk: Desk) => !desk.isTemporary && isReadOnly()
  const keeping = createKeeping({
    outbox,
    dateMs,
    isLocked,
    listed: (desk) => {
      const { chat, messages } = desk.store.getState()
      list.listed(chat, messages)
    },
  })
  const runs = createRuns({
    engine,
    models,
    queue: createQueue(models),
    keeping,
    after,
    nowMs,
    drawSeed,
    writing: (desk) => store.setState({ writingChatId: desk?.store.getState().chat.id ?? null }),
    ended: (desk) => desks.ended(desk),
  })
  const maker = { newId, dateMs }
  const asking = createAsking({ ...maker, models, runs, keeping })
  const meter = createContextMeter({ engine, models, after })
  /** null: of a chat that is not in memory. */
  const record = async (desk: Desk | null, messageId: string) => {
    const known = desk?.records.get(messageId)
    const isHere = desk !== null && (desk.isTemporary || !desk.isKept || !desk.store.getState().messages.has(messageId))
    if (known !== undefined || isHere) return known ?? null
    try {
      await outbox.settled()
      return await call('chats.record', { messageId })
    } catch (error) {
      list.fail(error)
      return null
    }
  }
  const editing = createEditing({ ...maker, keeping, after, record })
  const desks = createDesks({
    ...maker,
    store,
    call,
    keeping,
    variantFor,
    isSaved: (id) => !outbox.holds(id),
    isReadOnly,
    follow: meter.follow,
    leaving: editing.save,
    failed: list.fail,
  })
  const repeating = createRepeating({ ...maker, models, select: parts.select, runs, keeping, asking, record })
  const copying = createCopying({ ...maker, keeping, record })

  models.subscribe((state, before) => {
    if (state.selected === before.selected) return
    for (const desk of desks.all()) adoptVariant(desk, variantFor(desk.store.getState().chat))
  })

  /** Before a model is chosen, the kind of the one the chat was written with last. */
  function variantFor(chat: Chat | null): Variant {
    const { selected, installed } = models.getState()
    const model = selected ?? installed.find(({ key }) => key === chat?.settings.modelKey)
    return model?.manifest.variant ?? 'base'
  }

  /** The open chat; a new one where there is none. */
  const desk = (): Desk => desks.shown() ?? desks.create()
  /** Asked while the window is shown: makes nothing. */
  const isOpenAnd = (is: (desk: Desk) => boolean): boolean => {
    const shown = desks.shown()
    return shown !== null && is(shown)
  }
  const settings = (): ChatSettings => desks.shown()?.store.getState().chat.settings ?? usualChatSettings

  /** A chat goes on with its own model where that takes no time: it is in memory, or small. Nothing that is being written ends for it. */
  function followModel({ settings }: Chat): void {
    const { installed, selected, warm } = models.getState()
    const model = installed.find(({ key }) => key === settings.modelKey)
    if (model === undefined || selected === null || model.key === selected.key) return
    const isNear = model.bundled || warm.some(({ key }) => key === model.key)
    if (isNear && desks.all().every(({ running }) => running === null)) void parts.select(model)
  }

  function change(changed: Partial<ChatSettings>): void {
    const at = desk()
    changeChat(at, { settings: { ...settings(), ...changed } })
    adoptVariant(at, variantFor(at.store.getState().chat))
    void keeping.change(at, { settings: settings() })
  }

  /** The open chat, with what was typed on its way to the disk. */
  function saved(): Desk {
    editing.save(desk())
    return desk()
  }

  function flush(): void {
    for (const one of desks.all()) {
      editing.save(one)
      one.saveWritten()
    }
  }

  async function changing(work: (desk: Desk) => Promise<void> | void): Promise<void> {
    const at = saved()
    if (!isLocked(at)) await work(at)
  }

  return {
    store,
    variant: () => variantFor(store.getState().chat),
    async open(id) {
      const opened = await desks.open(id)
      if (opened !== null) followModel(opened.store.getState().chat)
    },
    create: async (options = {}) => void desks.create(options),
    begin: (opening) => void desks.create({ opening }),
    setDraft: (draft) => editing.setDraft(desk(), draft),
    change,
    samplingOf: (of) => samplingOf(settings(), of, models.getState().selected),
    setSampling: (of, sampling) => change({ sampling: { ...settings().sampling, [of]: sampling } }),
    isLocked: () => isOpenAnd(isLocked),
    canSend: () => isOpenAnd((at) => !isLocked(at) && asking.canSend(at)),
    send: () => changing(asking.send),
    stop: () => void isOpenAnd(runs.stop),
    regenerate: (id) => changing((at) => asking.regenerate(at, id)),
    resend: (id, text, input) => changing((at) => asking.resend(at, id, text, input)),
    continueAnswer: (id) => changing((at) => asking.continueAnswer(at, id)),
    runAgain: (id, options = {}) => changing((at) => repeating.runAgain(at, id, options.keepProbabilities === true)),
    branchAt: (id, index, alternative) => changing((at) => repeating.branchAt(at, id, index, alternative)),
    adopt: (answer) => changing((at) => copying.adopt(at, answer)),
    versionsOf: (id) => versionsOf(store.getState().messages, id),
    chooseVersion: (id) => editing.chooseVersion(saved(), id),
    async fork(id) {
      const from = saved()
      const start = await copying.fork(from, id, from.isTemporary || isReadOnly())
      if (start === null) return
      desks.show(start.desk)
      await start.saved
    },
    removeMessage: (id) => changing((at) => editing.removeMessage(at, id)),
    editDocument(text) {
      if (!isLocked(desk())) editing.editDocument(desk(), text)
    },
    undo: () => void changing(editing.undo),
    canUndo: () => isOpenAnd((at) => !isLocked(at) && editing.canUndo(at)),
    record: (id) => record(desks.all().find((one) => one.store.getState().messages.has(id)) ?? null, id),
    async inspect(options) {
      const shown = desks.shown()
      return shown === null ? null : meter.inspect(shown, options)
    },
    promptFor(of, text, input, given) {
      const { chat, path } = desk().store.getState()
      const asked = text === '' ? [] : [userMessage(maker, { chatId: chat.id, parentId: chat.leafId }, text, input)]
      const manifest = models.getState().selected?.manifest
      const own = manifest?.variant === of ? manifest.prompt : ({ kind: 'completion' } as const)
      return promptOf({ variant: of, template: given ?? own, settings: chat.settings, path: [...path, ...asked] })
    },
    interrupt: runs.interrupt,
    flush,
    close: () => {
      flush()
      outbox.sendNow()
    },
    find: desks.find,
    leaveFolder(folderId) {
      for (const one of desks.all())
        if (one.store.getState().chat.folderId === folderId) changeChat(one, { folderId: null })
    },
    async leave(ids) {
      for (const id of ids) {
        const one = desks.find(id)
        if (one === null) continue
        editing.save(one)
        runs.stop(one)
        desks.drop(id)
        if (one === desks.shown()) desks.create()
      }
    },
  }
}
