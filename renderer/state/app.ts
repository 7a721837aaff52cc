// The app without a screen: the stores and everything that changes them. Commands call these functions, views read the stores.
import type { InstalledModel, Variant } from '../../shared/model.ts'
import type { Engine } from '../inference/engine.ts'
import { problemOf } from '../inference/inferenceError.ts'
import type { Prompt } from '../inference/protocol.ts'
import { createAppearance, switched } from './appearance.ts'
import { asked, type Conversation, emptyConversation, replied, sentTurnsOf, withdrawn } from './conversation.ts'
import { appended, continued, documentOf, undone } from './document.ts'
import { createModels, firstModel, nothingLoaded, withLoss } from './models.ts'
import { createNavigation } from './navigation.ts'
import { adopted, createSampling } from './sampling.ts'
import { createShortcuts } from './shortcuts.ts'
import { createWriting, nothingOmitted } from './writing.ts'

export interface AppParts {
  readonly engine: Engine
  readonly listModels: () => Promise<readonly InstalledModel[]>
  /** Starts the job that fetches or makes the damaged files of a model again. */
  readonly repairModel: (key: string) => Promise<unknown>
  readonly nowMs: () => number
  readonly drawSeed: () => number
  readonly systemIsDark: () => boolean
}

export type App = ReturnType<typeof createApp>

export function createApp({ engine, listModels, repairModel, nowMs, drawSeed, systemIsDark }: AppParts) {
  const models = createModels()
  const writing = createWriting()
  const sampling = createSampling()
  const appearance = createAppearance()
  const navigation = createNavigation()
  const shortcuts = createShortcuts()
  let loading = new AbortController()
  let running: AbortController | null = null

  /** Lists the models and starts loading the first one at once. */
  async function start(): Promise<void> {
    try {
      const installed = await listModels()
      models.setState({ installed })
      const first = firstModel(installed)
      if (first !== null) return await select(first)
      const detail = 'no model is installed'
      models.setState({ status: { kind: 'failed', problem: { code: 'load-failed', detail } } })
    } catch (error) {
      models.setState({ status: { kind: 'failed', problem: problemOf(error, 'load-failed') } })
    }
  }

  /** Models came or went. Where the one in use is gone, the first takes its place. */
  function adopt(installed: readonly InstalledModel[]): void {
    for (const { key } of engine.warm()) if (installed.every((model) => model.key !== key)) engine.release(key)
    models.setState({ installed, warm: engine.warm() })
    const { selected, status } = models.getState()
    const isGone = selected !== null && installed.every(({ key }) => key !== selected.key)
    const first = firstModel(installed)
    if (first !== null && (isGone || (selected === null && status.kind === 'failed'))) void select(first)
  }

  /** Loads a model in place of the one there is. A later choice wins over one still loading. */
  async function select(model: InstalledModel): Promise<void> {
    loading.abort(new Error('another model was chosen'))
    loading = new AbortController()
    const { signal } = loading
    models.setState({ selected: model, status: { kind: 'loading', ...nothingLoaded }, repair: { kind: 'none' } })
    writing.setState({ problem: null, omitted: nothingOmitted, last: null })
    sampling.setState((state) => adopted(state, model.manifest))
    try {
      await engine.load(
        model,
        {
          adapter: (adapter) => models.setState({ adapter }),
          progress: (progress) => models.setState({ status: { kind: 'loading', ...progress } }),
          lost: (problem) => recover(model, problem.code === 'device-lost' ? problem.detail : problem.code),
        },
        signal,
      )
      models.setState(({ recovery }) => ({
        status: { kind: 'ready' },
        recovery: recovery === 'reloading' ? 'reloaded' : 'none',
      }))
    } catch (error) {
      if (signal.aborted) return
      const problem = problemOf(error, 'load-failed')
      if (problem.code === 'device-lost') recover(model, problem.detail)
      else models.setState({ status: { kind: 'failed', problem }, recovery: 'none' })
    } finally {
      models.setState({ warm: engine.warm() })
    }
  }

  /** After a lost device: the text stays and the model is loaded again, unless it keeps happening. */
  function recover(model: InstalledModel, detail: string): void {
    const { timesMs, mayReload } = withLoss(models.getState().lossTimesMs, nowMs())
    models.setState({ lossTimesMs: timesMs, recovery: mayReload ? 'reloading' : 'none' })
    if (mayReload) void select(model)
    else models.setState({ status: { kind: 'failed', problem: { code: 'device-lost', detail } } })
  }

  /** The person asks to try again; the count of losses starts anew. */
  function retry(): void {
    const { selected } = models.getState()
    models.setState({ lossTimesMs: [], recovery: 'none' })
    void (selected === null ? start() : select(selected))
  }

  /** The model that failed to load because of a file that is not what was installed. */
  function damaged(): string | null {
    const { status, repair } = models.getState()
    if (status.kind !== 'failed' || status.problem.code !== 'damaged-file' || repair.kind === 'asked') return null
    return status.problem.key
  }

  /** Asks for a repair; the job tells how it goes on. */
  async function repair(): Promise<void> {
    const key = damaged()
    if (key === null) return
    models.setState({ repair: { kind: 'asked' } })
    try {
      await repairModel(key)
    } catch (error) {
      models.setState({ repair: { kind: 'refused', detail: error instanceof Error ? error.message : String(error) } })
    }
  }

  function canWrite(): boolean {
    const { status, selected } = models.getState()
    const { run, document, instruct, chat } = writing.getState()
    if (status.kind !== 'ready' || run.kind !== 'idle' || selected === null) return false
    switch (selected.manifest.variant) {
      case 'base':
        return document.text !== '' || selected.manifest.bosTokenId !== null
      case 'instruct':
        return instruct.draft.trim() !== ''
      case 'chat':
        return chat.draft.trim() !== ''
      default:
        return selected.manifest.variant satisfies never
    }
  }

  /** Has the model write once: continues the document, follows the instruction or answers the message. */
  async function write(): Promise<void> {
    const { selected } = models.getState()
    if (selected === null || !canWrite()) return
    const { variant } = selected.manifest
    if (sampling.getState().seedKind === 'random') sampling.setState({ seed: drawSeed() })
    const { temperature, topP, maxTokens, seed } = sampling.getState()
    const before = writing.getState()
    const prompt = opened(variant)
    const own = new AbortController()
    running = own
    models.setState({ recovery: 'none' })
    writing.setState({ run: { kind: 'reading' }, problem: null, omitted: nothingOmitted, cleared: null })
    try {
      for await (const event of engine.generate(prompt, { temperature, topP, maxTokens, seed }, own.signal)) {
        if (event.kind === 'prompt') writing.setState({ omitted: event.omitted })
        else if (event.kind === 'delta') addText(variant, event.text)
        else writing.setState({ last: { stats: event.stats, finish: event.finish, seed } })
      }
    } catch (error) {
      const problem = problemOf(error, 'write-failed')
      // Nothing was sent: the message is still the person's to shorten, and what was there before it stays.
      if (problem.code === 'too-long' && variant !== 'base') change(variant, () => before[variant])
      if (problem.code !== 'device-lost') writing.setState({ problem })
    } finally {
      running = null
      writing.setState({ run: { kind: 'idle' } })
    }
  }

  /** Puts the question or the new continuation into the state and says what is sent. */
  function opened(variant: Variant): Prompt {
    if (variant === 'base') {
      writing.setState(({ document }) => ({ document: continued(document) }))
      return { kind: 'completion', text: writing.getState().document.text }
    }
    change(variant, (conversation) => asked(conversation, variant === 'instruct'))
    return { kind: 'turns', turns: sentTurnsOf(writing.getState()[variant]) }
  }

  function addText(variant: Variant, text: string): void {
    if (variant === 'base') writing.setState(({ document }) => ({ document: appended(document, text) }))
    else change(variant, (conversation) => replied(conversation, text))
    if (writing.getState().run.kind === 'reading') writing.setState({ run: { kind: 'writing' } })
  }

  function change(variant: 'instruct' | 'chat', step: (conversation: Conversation) => Conversation): void {
    writing.setState((state) => ({ [variant]: step(state[variant]) }))
  }

  /** Asks the model to stop; it does within one token. */
  function stop(): void {
    if (running === null) return
    writing.setState({ run: { kind: 'stopping' } })
    running.abort()
  }

  function variantInUse(): Variant {
    return models.getState().selected?.manifest.variant ?? 'base'
  }

  function canBringBack(): boolean {
    const { run, cleared } = writing.getState()
    return run.kind === 'idle' && cleared !== null && partOf(variantInUse()) in cleared
  }

  /** Brings back what was cleared; otherwise takes back the newest continuation, or the newest exchange. */
  function undo(): void {
    const variant = variantInUse()
    const { cleared } = writing.getState()
    if (cleared !== null && canBringBack()) writing.setState(cleared)
    else if (variant === 'base') writing.setState(({ document }) => ({ document: undone(document) }))
    else change(variant, withdrawn)
    writing.setState({ problem: null, omitted: nothingOmitted, cleared: null })
  }

  function canUndo(): boolean {
    const { run, document, ...conversations } = writing.getState()
    const variant = variantInUse()
    if (run.kind !== 'idle') return false
    if (canBringBack()) return true
    return variant === 'base' ? document.written.length > 0 : conversations[variant].turns.length > 0
  }

  /** An empty page for the variant in use. */
  function clear(): void {
    const variant = variantInUse()
    const { document, ...conversations } = writing.getState()
    if (variant === 'base') writing.setState({ document: documentOf(''), cleared: { document } })
    else {
      const cleared = variant === 'instruct' ? { instruct: conversations.instruct } : { chat: conversations.chat }
      writing.setState({ [variant]: emptyConversation, cleared })
    }
    writing.setState({ problem: null, omitted: nothingOmitted, last: null })
  }

  function canClear(): boolean {
    const { run, document, ...conversations } = writing.getState()
    const variant = variantInUse()
    if (run.kind !== 'idle') return false
    if (variant === 'base') return document.text !== ''
    return conversations[variant].turns.length > 0 || conversations[variant].draft !== ''
  }

  function switchTheme(): void {
    appearance.setState(({ theme }) => ({ theme: switched(theme, systemIsDark()) }))
  }

  return {
    models,
    writing,
    sampling,
    appearance,
    navigation,
    shortcuts,
    start,
    adopt,
    select,
    retry,
    canRepair: () => damaged() !== null,
    repair,
    canWrite,
    write,
    stop,
    undo,
    canUndo,
    canBringBack,
    clear,
    canClear,
    switchTheme,
  }
}

function partOf(variant: Variant): 'document' | 'instruct' | 'chat' {
  return variant === 'base' ? 'document' : variant
}
