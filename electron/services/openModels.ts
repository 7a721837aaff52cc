// Opens a models folder with everything around it. The models process of the app and the command line call this alike; one at a time may have a folder open.
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ModelRecord } from '../../shared/modelRecord.ts'
import { createDownloads } from './download/downloads.ts'
import { sweepParts } from './download/sweep.ts'
import type { Clock } from './download/types.ts'
import { folderTokens } from './folderTokens.ts'
import { currentHub } from './hub/currentHub.ts'
import { inspectFolder, inspectRepository } from './inspect/inspect.ts'
import { systemClock } from './jobs/clock.ts'
import { compileInWorker } from './jobs/compileInWorker.ts'
import { releaseFiles } from './jobs/installRepository.ts'
import { jobsOf } from './jobs/jobs.ts'
import { keeperOf } from './jobs/keeper.ts'
import { openQueue, type Queue } from './jobs/queue.ts'
import { type JobRows, jobRows } from './jobs/rows.ts'
import { type JobParts, runJob } from './jobs/runJob.ts'
import type { ModelLibrary } from './library.ts'
import type { Models } from './models.ts'
import { modelsFolderOf } from './modelsFolder.ts'
import { createMovingLibrary } from './movingLibrary.ts'
import type { Network } from './network/network.ts'
import type { HearthPaths } from './paths.ts'
import { ServiceError } from './serviceError.ts'
import type { SettingsFile } from './settings.ts'
import { findForeign } from './store/foreign.ts'
import { type ForeignEnvironment, foreignPlaces } from './store/foreignPlaces.ts'
import { type MovableStore, openMovableStore } from './store/movableStore.ts'
import type { Store } from './store/store.ts'
import { manifestPath } from './store/storePaths.ts'

export interface ModelsOptions {
  readonly paths: HearthPaths
  /** They name the models folder, once it was moved. */
  readonly settings: Pick<SettingsFile, 'read' | 'write'>
  /** Says where other programs keep their models. */
  readonly environment: ForeignEnvironment
  /** Models that came with the app. */
  readonly bundledFolder: string
  readonly network: Pick<Network, 'fetch' | 'endpoint' | 'configuration' | 'watch' | 'ledger'>
  /** Of hearth-runtime.wasm. */
  readonly runtimePath: string
  /** Of jobs/compileWorker.ts, or of what it was bundled into. */
  readonly workerUrl: URL
  /** Tries of a step that fails for a reason that passes by itself (no network, too many requests); null goes on for ever. */
  readonly tries: number | null
  /** Whether jobs of before start by themselves; a command runs its own alone. Yes unless given. */
  readonly goesOn?: boolean
  readonly installsAtOnce?: number
  readonly clock?: Clock
  /** Uniform in [0, 1). */
  readonly random?: () => number
}

/** Opens the folder and goes on with its jobs. Rejects with ServiceError store-in-use or store-unusable. */
export async function openModels(options: ModelsOptions): Promise<Models> {
  const { clock = systemClock, random = Math.random } = options
  const movable = await openMovableStore({ paths: options.paths, settings: options.settings, now: clock.now })
  try {
    return await openStored(movable, { ...options, clock, random })
  } catch (error) {
    await movable[Symbol.asyncDispose]()
    throw error
  }
}

type Complete = ModelsOptions & Required<Pick<ModelsOptions, 'clock' | 'random'>>

async function openStored(movable: MovableStore, options: Complete): Promise<Models> {
  const { paths, settings, bundledFolder, network, clock, random, runtimePath, workerUrl } = options
  const { store } = movable
  const hub = currentHub(network, clock.now)
  const download = createDownloads({
    ...{ hub, store, clock, random },
    connections: () => network.configuration().connections,
    speedLimitBytesPerSecond: () => network.configuration().speedLimitBytesPerSecond,
  })
  const library = createMovingLibrary({ storeFolder: () => modelsFolderOf(settings.read(), paths), bundledFolder })
  const folders = folderTokens()
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of listeners) listener()
  }
  const parts: JobParts = {
    ...{ hub, store, download, runtimePath },
    compile: (task, host, signal) => compileInWorker(workerUrl, task, host, signal),
    keeper: keeperOf(store, library),
    moveTo: async (folder, onBytes, signal) => {
      await movable.moveTo(folder, onBytes, signal)
      queue.rewrite()
    },
  }
  const rows = jobRows(() => store.database)
  await sweep(store, rows, clock)
  const queue: Queue = openQueue({
    rows,
    run: async (job, signal) => await runJob(job, parts, signal).finally(changed),
    forget: async ({ plan }, others) => {
      if (plan !== null) await releaseFiles(plan, others, store)
    },
    ...{ clock, random },
    installsAtOnce: options.installsAtOnce ?? 1,
    tries: options.tries,
    goesOn: options.goesOn ?? true,
  })
  network.watch(() => queue.networkChanged())
  return {
    records: async () => [...store.records(), ...(await otherRecords(store, library))],
    async measured(measurement) {
      store.measured(measurement)
      changed()
    },
    async remove(key) {
      movable.checkAtRest()
      const freedBytes = await removeModel(key, store, library)
      changed()
      return { freedBytes }
    },
    locate: async (key) => {
      if (store.models().some((model) => model.key === key)) return manifestPath(store.folder, key)
      return (await library.file(key, 0))?.path ?? null
    },
    async inspect(subject, signal) {
      if (subject.kind === 'repository') return await inspectRepository(hub, subject.repository, signal)
      return await inspectFolder(folders.named(subject.token), signal)
    },
    search: (text, signal) => hub.search(text, signal),
    folder: (path) => folders.add(path),
    async foreign(signal) {
      const found = await findForeign(foreignPlaces(options.environment), signal)
      const named = found.map(async ({ kind, name, sizeBytes, path }) => {
        const { token } = await folders.add(path)
        return { kind, name, sizeBytes, token }
      })
      return await Promise.all(named)
    },
    jobs: jobsOf(queue, folders, parts.keeper),
    ledger: async (page) => network.ledger(page),
    watch(listener, signal) {
      listeners.add(listener)
      signal.addEventListener('abort', () => listeners.delete(listener), { once: true })
    },
    async [Symbol.asyncDispose]() {
      await queue[Symbol.asyncDispose]()
      await movable[Symbol.asyncDispose]()
    },
  }
}

/** What a process that was killed has left and no job goes on with. */
async function sweep(store: Store, rows: JobRows, clock: Clock): Promise<void> {
  const open = rows.all().filter(({ state }) => state !== 'done' && state !== 'cancelled')
  const hashes = open.flatMap(({ plan }) => plan?.files.map(({ hash }) => hash) ?? [])
  const wanted = new Set(hashes.flatMap((hash) => store.blob(hash)?.sha256 ?? []))
  await store.collect(store.unused().flatMap(({ sha256 }) => (wanted.has(sha256) ? [] : [sha256])))
  await sweepParts(store.folder, new Set(hashes.map(({ kind, hex }) => `${kind}-${hex}`)), clock.now())
}

/** Of the models that lie beside the store: those that came with the app, and folders. */
async function otherRecords(store: Store, library: ModelLibrary): Promise<readonly ModelRecord[]> {
  const stored = new Set(store.models().map(({ key }) => key))
  return (await library.list()).flatMap(({ key, bundled, manifest }) => {
    if (stored.has(key)) return []
    const sizeBytes = manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0)
    const place = bundled ? ('bundled' as const) : ('folder' as const)
    return [
      { key, place, sizeBytes, ownBytes: bundled ? 0 : sizeBytes, addedAtMs: null, origin: null, ...store.known(key) },
    ]
  })
}

/** What came with the app stays. */
async function removeModel(key: string, store: Store, library: ModelLibrary): Promise<number> {
  if (store.models().some((model) => model.key === key)) return await store.remove(key)
  const model = (await library.list()).find((one) => one.key === key)
  const path = (await library.file(key, 0))?.path
  if (model === undefined || path === undefined) throw new ServiceError({ code: 'not-installed', name: key })
  if (model.bundled)
    throw new ServiceError({ code: 'store-unusable', detail: `${model.manifest.id} came with Hearth and stays` })
  await rm(dirname(path), { recursive: true })
  return model.manifest.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}
