// The catalogue without a screen: which page of it is open, what is asked for, what was pasted or dropped, and what is known of this machine. Everything
// that comes from elsewhere in the app is put into `surroundings` by whoever owns it.
import { createStore } from 'zustand/vanilla'
import type { DownloadChoice } from '../../shared/catalog/downloads.ts'
import type { Machine } from '../../shared/fit/verdict.ts'
import type { FoundRepository, InspectionReport } from '../../shared/inspect/report.ts'
import type { Reply } from '../../shared/ipc.ts'
import type { InstallRequest, InstallSource, Job } from '../../shared/jobs.ts'
import type { InstalledModel } from '../../shared/model.ts'
import type { ForeignModel, LocalFolder, ModelRecord } from '../../shared/modelRecord.ts'
import { type Call, type DropBridge, RequestFailed } from '../ipc.ts'
import { type CatalogueFilters, noFilters } from './catalogueFilters.ts'
import { createCatalogueNeeds } from './catalogueNeeds.ts'

export type BrowsePage =
  | { readonly kind: 'all' }
  /** `variant`: the member that is shown; null for the first. */
  | { readonly kind: 'family'; readonly id: string; readonly variant: string | null }
  /** `around`: id of a variant or null for the whole map. */
  | { readonly kind: 'lineage'; readonly around: string | null }
  | { readonly kind: 'names'; readonly name: string }
  /** What was pasted, dropped or found. */
  | { readonly kind: 'inspection' }

export interface BrowseState {
  readonly page: BrowsePage
  /** Pages to go back to, newest last. */
  readonly before: readonly BrowsePage[]
  readonly filters: CatalogueFilters
}

export interface Surroundings {
  /** null: not measured yet. */
  readonly machine: Machine | null
  /** Of the disk with the models folder. */
  readonly freeBytes: number | null
  readonly installed: readonly InstalledModel[]
  readonly records: readonly ModelRecord[]
  readonly jobs: readonly Job[]
  readonly keepCheckpoints: boolean
  readonly isOffline: boolean
  /** Of the Hub that is asked, for addresses that a person opens. */
  readonly hubEndpoint: string
}

/** What was asked about, and what came of it. */
export type Inspection =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking'; readonly about: string }
  | { readonly kind: 'report'; readonly about: string; readonly report: InspectionReport }
  | { readonly kind: 'found'; readonly about: string; readonly repositories: readonly FoundRepository[] }
  | { readonly kind: 'failed'; readonly about: string; readonly error: unknown; readonly again: (() => void) | null }

export type Foreign =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'asking' }
  | { readonly kind: 'list'; readonly models: readonly ForeignModel[] }
  | { readonly kind: 'failed'; readonly error: unknown }

/** By `sourceKey` of what is to be installed. */
export type InstallState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'queued'; readonly jobId: string }
  | { readonly kind: 'failed'; readonly error: unknown }

export interface CatalogueParts {
  readonly call: Call
  readonly drop: DropBridge
  /** Runs a function once the window has had time for other things. */
  readonly later: (step: () => void) => void
  readonly showDownloads: () => void
  readonly showInstalled: () => void
  readonly showSettings: () => void
  /** Opens an installed model in the chat. */
  readonly openModel: (key: string) => void
}

export type Catalogue = ReturnType<typeof createCatalogue>

export function createCatalogue(parts: CatalogueParts) {
  const { call, drop, later, showDownloads, showInstalled, showSettings, openModel } = parts
  const browse = createStore<BrowseState>()(() => ({ page: { kind: 'all' }, before: [], filters: noFilters }))
  const surroundings = createStore<Surroundings>()(() => ({
    machine: null,
    freeBytes: null,
    installed: [],
    records: [],
    jobs: [],
    keepCheckpoints: false,
    isOffline: false,
    hubEndpoint: 'https://huggingface.co',
  }))
  const inspection = createStore<Inspection>()(() => ({ kind: 'none' }))
  const foreign = createStore<Foreign>()(() => ({ kind: 'unknown' }))
  const installs = createStore<Readonly<Record<string, InstallState>>>()(() => ({}))
  const needs = createCatalogueNeeds(later)
  let asked = 0
  // A job that was there and went away is over: its model can be asked for again.
  surroundings.subscribe(({ jobs }, before) => {
    if (jobs === before.jobs) return
    const gone = before.jobs.filter(({ id }) => jobs.every((job) => job.id !== id)).map(({ id }) => id)
    const open = Object.entries(installs.getState()).filter(
      ([, state]) => state.kind !== 'queued' || !gone.includes(state.jobId),
    )
    if (gone.length > 0) installs.setState(Object.fromEntries(open), true)
  })

  function open(page: BrowsePage): void {
    browse.setState(({ page: from, before }) => ({ page, before: [...before, from].slice(-historyLimit) }))
  }

  /** To the page before; to the list of families where there is none. */
  function back(): void {
    browse.setState(({ before }) => ({ page: before.at(-1) ?? { kind: 'all' }, before: before.slice(0, -1) }))
  }

  /** Another member of the family that is open, in place: going back does not lead through it. */
  function showVariant(id: string, variant: string): void {
    browse.setState({ page: { kind: 'family', id, variant } })
  }

  function filter(change: Partial<CatalogueFilters>): void {
    browse.setState(({ filters }) => ({ filters: { ...filters, ...change } }))
  }

  /** Asks what a repository, address or folder is. The answer to an older question is dropped. */
  async function ask(about: string, question: () => Promise<Inspection | null>, again: () => void): Promise<void> {
    const own = ++asked
    const before = inspection.getState()
    inspection.setState({ kind: 'asking', about }, true)
    if (browse.getState().page.kind !== 'inspection') open({ kind: 'inspection' })
    const answer = await question().catch((error: unknown): Inspection => ({ kind: 'failed', about, error, again }))
    if (own === asked) inspection.setState(answer ?? before, true)
  }

  function inspectRepository(repository: string): Promise<void> {
    return ask(
      repository,
      async () => ({
        kind: 'report',
        about: repository,
        report: await call('catalog.inspect', { kind: 'repository', repository }),
      }),
      () => void inspectRepository(repository),
    )
  }

  function inspectFolder({ token, name }: LocalFolder): Promise<void> {
    return ask(
      name,
      async () => ({ kind: 'report', about: name, report: await call('catalog.inspect', { kind: 'folder', token }) }),
      () => void inspectFolder({ token, name }),
    )
  }

  /** What a person typed or pasted: a repository or address is looked at, other words are searched for. */
  async function look(typed: string): Promise<void> {
    const text = typed.trim()
    if (text === '') return
    if (namesRepository(text)) return await inspectRepository(text)
    await ask(
      text,
      async () => ({ kind: 'found', about: text, repositories: await call('catalog.search', { text }) }),
      () => void look(text),
    )
  }

  async function chooseFolder(): Promise<void> {
    const failed = (error: unknown) => showFailure('the folder', error)
    const folder = await call('local.choose', undefined).catch(failed)
    if (folder) await inspectFolder(folder)
  }

  /** A file or folder that a person let go of over the window. */
  async function dropped(file: File): Promise<void> {
    const folder = await drop(file)
      .then(unwrapped)
      .catch((error: unknown) => showFailure(file.name, error))
    if (folder) await inspectFolder(folder)
  }

  function showFailure(about: string, error: unknown): void {
    asked += 1
    inspection.setState({ kind: 'failed', about, error, again: null }, true)
    if (browse.getState().page.kind !== 'inspection') open({ kind: 'inspection' })
  }

  /** Models of other programs on this computer. */
  async function findForeign(): Promise<void> {
    foreign.setState({ kind: 'asking' }, true)
    foreign.setState(
      await call('local.foreign', undefined).then(
        (models): Foreign => ({ kind: 'list', models }),
        (error: unknown): Foreign => ({ kind: 'failed', error }),
      ),
      true,
    )
  }

  /** Puts an installation into the queue. */
  async function install(request: InstallRequest): Promise<void> {
    const key = sourceKey(request.source)
    if (installs.getState()[key]?.kind === 'asking') return
    installs.setState({ [key]: { kind: 'asking' } })
    const state = await call('jobs.install', request).then(
      ({ jobId }): InstallState => ({ kind: 'queued', jobId }),
      (error: unknown): InstallState => ({ kind: 'failed', error }),
    )
    installs.setState({ [key]: state })
  }

  return {
    browse,
    surroundings,
    inspection,
    foreign,
    installs,
    needs,
    open,
    back,
    showVariant,
    filter,
    look,
    inspectRepository,
    inspectFolder,
    chooseFolder,
    dropped,
    findForeign,
    install,
    showDownloads,
    showInstalled,
    showSettings,
    openModel,
  }
}

const historyLimit = 20

export function sourceKey(source: InstallSource): string {
  return source.kind === 'folder' ? `folder:${source.token}` : `${source.kind}:${source.repository}`
}

/** A choice of the catalogue as a request; null context takes the compiler's usual one. */
export function requestFor(
  { kind, repository, format }: Pick<DownloadChoice, 'kind' | 'repository' | 'format'>,
  contextTokens: number | null,
  keepCheckpoint: boolean,
): InstallRequest {
  return { source: { kind, repository }, format, quantization: 'round-to-nearest', contextTokens, keepCheckpoint }
}

/** publisher/name or an address; anything else is words to search for. */
export function namesRepository(text: string): boolean {
  return (
    /^[a-z]+:\/\/\S+$/i.test(text) || /^(hf\.co|huggingface\.co)\/\S+$/i.test(text) || /^[\w.-]+\/[\w.-]+$/.test(text)
  )
}

function unwrapped<T>(reply: Reply<T>): T {
  if (!reply.ok) throw new RequestFailed(reply.error)
  return reply.value
}
