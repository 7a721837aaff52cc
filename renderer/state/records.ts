// What is kept on this computer, and what a person asked to be done with it: check, repair, show, delete, move.
import { createStore } from 'zustand/vanilla'
import type { InstalledModel } from '../../shared/model.ts'
import type { ModelRecord } from '../../shared/modelRecord.ts'
import type { Call, Listen } from '../ipc.ts'

export type ModelAction = 'verify' | 'repair' | 'reveal' | 'remove'

/** What became of the last thing asked of a model. `job`: it goes on in the list of jobs. */
export type ModelActivity =
  | { readonly kind: 'asking'; readonly action: ModelAction }
  | { readonly kind: 'job'; readonly action: ModelAction; readonly jobId: string }
  | { readonly kind: 'failed'; readonly action: ModelAction; readonly error: unknown }

export type FolderMove =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'job'; readonly jobId: string }
  | { readonly kind: 'failed'; readonly error: unknown }

export interface RecordsState {
  readonly records: readonly ModelRecord[]
  readonly list: { readonly kind: 'asking' | 'known' } | { readonly kind: 'failed'; readonly error: unknown }
  /** By key of the model. */
  readonly activities: Readonly<Record<string, ModelActivity>>
  readonly move: FolderMove
  /** Of the model that was deleted last. */
  readonly removed: { readonly title: string; readonly freedBytes: number } | null
}

export interface RecordsParts {
  readonly call: Call
  readonly listen: Listen
  /** The list of models is another one now. */
  readonly adopt: (installed: readonly InstalledModel[]) => void
}

export function createRecords({ call, listen, adopt }: RecordsParts) {
  const store = createStore<RecordsState>()(() => ({
    records: [],
    list: { kind: 'asking' },
    activities: {},
    move: { kind: 'none' },
    removed: null,
  }))
  let asked = 0

  async function start(signal: AbortSignal): Promise<void> {
    listen('models.changed', () => void refresh(), { signal })
    await askRecords(++asked)
  }

  /** Models came, went or changed. Of several answers only that to the newest question counts. */
  async function refresh(): Promise<void> {
    const own = ++asked
    const installed = await call('models.list', undefined).catch(() => null)
    if (installed !== null && own === asked) adopt(installed)
    await askRecords(own)
  }

  async function askRecords(own: number): Promise<void> {
    try {
      const records = await call('models.records', undefined)
      if (own === asked) store.setState({ records, list: { kind: 'known' } })
    } catch (error) {
      if (own === asked) store.setState({ list: { kind: 'failed', error } })
    }
  }

  function note(key: string, activity: ModelActivity | null): void {
    const { [key]: _earlier, ...others } = store.getState().activities
    store.setState({ activities: activity === null ? others : { ...others, [key]: activity } })
  }

  async function attempt(
    key: string,
    action: ModelAction,
    request: () => Promise<ModelActivity | null>,
  ): Promise<void> {
    if (store.getState().activities[key]?.kind === 'asking') return
    note(key, { kind: 'asking', action })
    try {
      note(key, await request())
    } catch (error) {
      note(key, { kind: 'failed', action, error })
    }
  }

  return {
    store,
    start,
    refresh,
    /** Reads every byte of a model again. */
    verify: (key: string) =>
      attempt(key, 'verify', async () => ({
        kind: 'job',
        action: 'verify',
        ...(await call('models.verify', { key })),
      })),
    /** Fetches or makes again what a check found damaged. */
    repair: (key: string) =>
      attempt(key, 'repair', async () => ({
        kind: 'job',
        action: 'repair',
        ...(await call('models.repair', { key })),
      })),
    reveal: (key: string) =>
      attempt(key, 'reveal', async () => {
        await call('models.reveal', { key })
        return null
      }),
    remove: (key: string, title: string) =>
      attempt(key, 'remove', async () => {
        const { freedBytes } = await call('models.remove', { key })
        store.setState(({ records }) => ({
          records: records.filter((record) => record.key !== key),
          removed: { title, freedBytes },
        }))
        await refresh()
        return null
      }),
    /** Asks for another folder and moves the models there. */
    moveFolder: async () => {
      if (store.getState().move.kind === 'asking') return
      store.setState({ move: { kind: 'asking' } })
      try {
        const started = await call('models.moveFolder', undefined)
        store.setState({ move: started === null ? { kind: 'none' } : { kind: 'job', jobId: started.jobId } })
      } catch (error) {
        store.setState({ move: { kind: 'failed', error } })
      }
    },
  }
}

/** An installed model with what is known of it; a record may come a moment later than its model. */
export interface ModelOnDisk {
  readonly model: InstalledModel
  readonly record: ModelRecord | null
}

/** The one used last first; those never used by name, the app's own last. */
export function onDisk(installed: readonly InstalledModel[], records: readonly ModelRecord[]): readonly ModelOnDisk[] {
  return installed
    .map((model) => ({ model, record: records.find(({ key }) => key === model.key) ?? null }))
    .toSorted(
      (a, b) =>
        Number(a.model.bundled) - Number(b.model.bundled) ||
        (b.record?.lastUsedAtMs ?? 0) - (a.record?.lastUsedAtMs ?? 0) ||
        a.model.manifest.title.localeCompare(b.model.manifest.title),
    )
}
