// Which model is in use, how it is loaded and loaded again, and what is done when it fails.
import type { StoreApi } from 'zustand/vanilla'
import type { InstalledModel } from '../../shared/model.ts'
import type { Engine } from '../inference/engine.ts'
import { problemOf } from '../inference/inferenceError.ts'
import type { After } from './chats/timer.ts'
import { firstModel, type ModelsState, nothingLoaded, withLoss } from './models.ts'

export interface LoadingParts {
  readonly engine: Engine
  readonly models: StoreApi<ModelsState>
  readonly listModels: () => Promise<readonly InstalledModel[]>
  /** Opens what was open last, and gives the key of the model it was written with; null: any. */
  readonly openLast: (first: InstalledModel | null) => Promise<string | null>
  /** Another model takes the place of the one in use. */
  readonly interrupt: () => void
  /** Starts the job that fetches or makes the damaged files of a model again. */
  readonly repairModel: (key: string) => Promise<unknown>
  readonly nowMs: () => number
  readonly after: After
}

const chatsWaitMs = 3000

export type Loading = ReturnType<typeof createLoading>

export function createLoading(parts: LoadingParts) {
  const { engine, models, listModels, openLast, interrupt, repairModel, nowMs, after } = parts
  let loading = new AbortController()

  /** Lists the models and starts loading at once: the one that was written with last, else the first. */
  async function start(): Promise<void> {
    try {
      const installed = await listModels()
      models.setState({ installed })
      const first = firstModel(installed)
      const lastKey = await inTime(openLast(first))
      // A person may have chosen meanwhile.
      if (models.getState().selected !== null) return
      const model = installed.find(({ key }) => key === lastKey) ?? first
      if (model !== null) return await load(model)
      const detail = 'no model is installed'
      models.setState({ status: { kind: 'failed', problem: { code: 'load-failed', detail } } })
    } catch (error) {
      models.setState({ status: { kind: 'failed', problem: problemOf(error, 'load-failed') } })
    }
  }

  /** Chats that do not come do not keep a model from loading. */
  async function inTime(opened: Promise<string | null>): Promise<string | null> {
    const { promise: late, resolve } = Promise.withResolvers<null>()
    const cancel = after(chatsWaitMs, () => resolve(null))
    return await Promise.race([opened, late]).finally(cancel)
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

  /** Loads a model in place of the one there is, whose text so far stays. A later choice wins over one still loading. */
  function select(model: InstalledModel): Promise<void> {
    interrupt()
    return load(model)
  }

  async function load(model: InstalledModel): Promise<void> {
    loading.abort(new Error('another model was chosen'))
    loading = new AbortController()
    const { signal } = loading
    models.setState({ selected: model, status: { kind: 'loading', ...nothingLoaded }, repair: { kind: 'none' } })
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
    if (mayReload) void load(model)
    else models.setState({ status: { kind: 'failed', problem: { code: 'device-lost', detail } } })
  }

  /** The person asks to try again; the count of losses starts anew. */
  function retry(): void {
    const { selected, status } = models.getState()
    // What other models hold may be what this one lacks.
    const isShort = status.kind === 'failed' && status.problem.code === 'out-of-memory'
    for (const { key } of isShort ? engine.warm() : []) engine.release(key)
    models.setState({ lossTimesMs: [], recovery: 'none', warm: engine.warm() })
    void (selected === null ? start() : load(selected))
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
      models.setState({ repair: { kind: 'refused', error } })
    }
  }

  return { start, adopt, select, retry, canRepair: () => damaged() !== null, repair }
}
