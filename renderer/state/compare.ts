// The same text to two or three models: all write at once where memory holds them together, else one after another. The model that was in use is in use again
// at the end. Meanwhile it counts as loading, so that whatever the conversation is asked to send waits for it.
import { createStore, type StoreApi } from 'zustand/vanilla'
import { type Message, usualChatSettings } from '../../shared/chats/types.ts'
import type { InstalledModel } from '../../shared/model.ts'
import type { Engine, MemoryTogether } from '../inference/engine.ts'
import { writerOf } from './chats/answering.ts'
import type { OpenConversation } from './chats/api.ts'
import { type CompareColumn, emptyColumn } from './compareColumn.ts'
import { type DifferencePart, wordDifference } from './compareDifference.ts'
import { type CompareRunParts, type CompareStep, type Setback, writeAtOnce, writeInTurn } from './compareRun.ts'
import { familyOf, type ModelStatus, type ModelsState, nothingLoaded } from './models.ts'

export const fewestModels = 2
export const mostModels = 3

export type CompareWay = 'atOnce' | 'inTurn'

export type CompareRun =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly step: CompareStep }
  | { readonly kind: 'stopping' }
  /** The model that was in use is made so again. */
  | { readonly kind: 'returning' }

export interface CompareState {
  readonly text: string
  readonly input: string
  /** Keys; null: as `usualChoice` has it. */
  readonly chosen: readonly string[] | null
  /** As the person wants it; `way()` says what comes of it. */
  readonly wantedWay: CompareWay
  /** Of the newest comparison. */
  readonly columns: readonly CompareColumn[]
  /** What was asked in it, and in which chat. */
  readonly asked: { readonly text: string; readonly input: string; readonly chatId: string | null } | null
  readonly run: CompareRun
  /** Of the newest comparison. */
  readonly setback: Setback | null
  /** The columns whose words are compared. */
  readonly pair: readonly [number, number]
  /** null: not computed. */
  readonly difference: readonly DifferencePart[] | null
}

export interface CompareParts {
  readonly engine: Engine
  readonly models: StoreApi<ModelsState>
  readonly conversation: Pick<OpenConversation, 'store' | 'isLocked' | 'promptFor' | 'adopt'>
  /** Makes a model the one in use. */
  readonly select: (model: InstalledModel) => Promise<void>
  readonly drawSeed: () => number
}

export type Compare = ReturnType<typeof createCompare>

export function createCompare({ engine, models, conversation, select, drawSeed }: CompareParts) {
  const store = createStore<CompareState>()(() => ({
    text: '',
    input: '',
    chosen: null,
    wantedWay: 'atOnce',
    columns: [],
    asked: null,
    run: { kind: 'idle' },
    setback: null,
    pair: [0, 1],
    difference: null,
  }))
  let running = new AbortController()
  let comparing = new AbortController()

  const put = (index: number, column: CompareColumn) =>
    store.setState(({ columns }) => ({ columns: columns.map((old, at) => (at === index ? column : old)) }))

  /** The models that would be asked, in their order. */
  function chosen(): readonly InstalledModel[] {
    const { installed } = models.getState()
    const keys = store.getState().chosen
    if (keys === null) return usualChoice(models.getState())
    return keys.map((key) => installed.find((model) => model.key === key)).filter((model) => model !== undefined)
  }

  /** Of the models that would be asked. */
  function memory(): MemoryTogether {
    return engine.memoryTogether(chosen())
  }

  /** At once only where memory allows it. */
  function way(): CompareWay {
    const { needBytes, haveBytes } = memory()
    return needBytes <= haveBytes ? store.getState().wantedWay : 'inTurn'
  }

  function canStart(): boolean {
    return (
      store.getState().run.kind === 'idle' &&
      // In no chat: one that is left goes on writing.
      conversation.store.getState().writingChatId === null &&
      isSettled(models.getState()) &&
      store.getState().text.trim() !== '' &&
      chosen().length >= fewestModels
    )
  }

  async function start(): Promise<void> {
    if (!canStart()) return
    const { text, input } = store.getState()
    const seed = drawSeed()
    const { chat } = conversation.store.getState()
    const columns = chosen().map((model) => emptyColumn(model, chat?.settings ?? usualChatSettings, seed))
    const chatId = chat?.id ?? null
    const firstWay = way()
    comparing.abort()
    running = new AbortController()
    const { signal } = running
    store.setState({ columns, asked: { text, input, chatId }, setback: null, pair: [0, 1], difference: null })
    const before = models.getState().selected
    const status: ModelStatus = { kind: 'loading', ...nothingLoaded }
    models.setState({ status })
    // Whoever loads a model, also the same one, tells of it there.
    const isOvertaken = () => models.getState().status !== status
    const unsubscribe = models.subscribe(() => {
      if (isOvertaken()) running.abort(new Error('another model was chosen'))
    })
    const parts: CompareRunParts = {
      engine,
      promptFor: ({ manifest }) => conversation.promptFor(manifest.variant, text, input, manifest.prompt),
      columns: () => store.getState().columns,
      put,
      enter: (step) => store.setState({ run: { kind: 'running', step } }),
    }
    const setback = firstWay === 'atOnce' ? await writeAtOnce(parts, signal) : null
    store.setState({ setback })
    if (firstWay === 'inTurn' || setback !== null) await writeInTurn(parts, setback?.kind === 'short', signal)
    unsubscribe()
    store.setState((state) => ({ run: { kind: 'returning' }, columns: state.columns.map(settled) }))
    if (before !== null && !isOvertaken()) await select(before)
    store.setState({ run: { kind: 'idle' } })
    await compareWords(store.getState().pair)
  }

  /** Ends whoever writes within one token, and those whose turn has not come. */
  function stop(): void {
    if (store.getState().run.kind !== 'running') return
    store.setState({ run: { kind: 'stopping' } })
    running.abort(new Error('the comparison was stopped'))
  }

  function canAdopt(index: number): boolean {
    const { asked, columns, run } = store.getState()
    const { chat, run: conversationRun } = conversation.store.getState()
    const column = columns[index]
    return (
      column !== undefined &&
      column.text !== '' &&
      !column.isAdopted &&
      run.kind === 'idle' &&
      conversationRun.kind === 'idle' &&
      !conversation.isLocked() &&
      asked?.chatId === (chat?.id ?? null)
    )
  }

  /** Takes an answer over into the conversation. */
  async function adopt(index: number): Promise<void> {
    const { asked, columns } = store.getState()
    const column = columns[index]
    if (column === undefined || asked === null || !canAdopt(index)) return
    put(index, { ...column, isAdopted: true })
    await conversation.adopt({
      question: { text: asked.text, input: asked.input },
      text: column.text,
      writer: writerOf(column.model),
      figures: figuresAlone(column),
      finish: column.state.kind === 'done' ? column.state.finish : null,
      seed: column.sampling.seed,
      record: column.record,
    })
  }

  /** The words of two columns side by side. */
  async function compareWords(pair: readonly [number, number]): Promise<void> {
    comparing.abort()
    comparing = new AbortController()
    const { signal } = comparing
    store.setState({ pair, difference: null })
    const [first, second] = pair.map((index) => store.getState().columns[index])
    if (first === undefined || second === undefined) return
    try {
      const difference = await wordDifference(first.text, second.text, signal)
      if (!signal.aborted) store.setState({ difference })
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  return {
    store,
    ask: (text: string, input: string) => store.setState({ text, input }),
    /** Others than the usual ones; ignored while it runs. */
    choose: (keys: readonly string[] | null) => {
      if (store.getState().run.kind === 'idle') store.setState({ chosen: keys?.slice(0, mostModels) ?? null })
    },
    /** Ignored while it runs. */
    chooseWay: (wantedWay: CompareWay) => {
      if (store.getState().run.kind === 'idle') store.setState({ wantedWay })
    },
    chosen,
    memory,
    way,
    canStart,
    start,
    stop,
    canAdopt,
    adopt,
    compareWords,
  }
}

/** No model is on its way that somebody waits for. */
function isSettled({ status }: ModelsState): boolean {
  return status.kind === 'ready' || status.kind === 'failed'
}

/** What was being done when the comparison ended is done no more. */
function settled(column: CompareColumn): CompareColumn {
  const { kind } = column.state
  return kind === 'done' || kind === 'failed' ? column : { ...column, state: { kind: 'skipped' } }
}

/** In the conversation nothing says that others wrote at the same time: a speed there is the model's own, or 0, which is not shown. */
function figuresAlone({ state, others }: CompareColumn): Message['figures'] {
  if (state.kind !== 'done') return null
  return others === 0 ? state.figures : { ...state.figures, decodeTokensPerSecond: 0 }
}

/** The variants of the family in use; where it has one member, another installed model beside it. */
export function usualChoice(state: ModelsState): readonly InstalledModel[] {
  const members = familyOf(state)?.members ?? []
  const others = state.installed.filter((model) => members.every(({ key }) => key !== model.key))
  return [...members, ...others].slice(0, Math.max(fewestModels, Math.min(members.length, mostModels)))
}
