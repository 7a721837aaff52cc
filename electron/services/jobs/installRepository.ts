// From a repository to a model: pin, list, look, choose, fetch, compile beside it, commit. Whatever stops it, no half model is left; what was fetched stays
// for the next try.
import type { InstallRequest } from '../../../shared/jobs.ts'
import type { InstalledModel, StoredFile } from '../../../shared/model.ts'
import type { Download } from '../download/downloads.ts'
import type { Hub } from '../hub/hub.ts'
import { type RemoteRepository, remoteSource } from '../inspect/remoteSource.ts'
import { ServiceError } from '../serviceError.ts'
import type { ModelDraft, Store, StoredBlob } from '../store/store.ts'
import { both } from './both.ts'
import type { CompileHost, CompileTask } from './compileTask.ts'
import { requireSpace } from './diskSpace.ts'
import { filesOnTheWay } from './filesOnTheWay.ts'
import { type ModelForm, planInstall } from './planInstall.ts'
import type { RunningJob } from './queue.ts'
import type { InstallPlan } from './rows.ts'

export interface InstallParts {
  readonly hub: Hub
  readonly store: Store
  readonly download: Download
  /** Gives the files of the source that the model uses as they are. */
  readonly compile: (task: CompileTask, host: CompileHost, signal: AbortSignal) => Promise<readonly StoredFile[]>
  /** Of hearth-runtime.wasm. */
  readonly runtimePath: string
}

export interface RepositoryInstall {
  readonly form: ModelForm
  /** publisher/name or a page's address. */
  readonly repository: string
  readonly request: InstallRequest
  /** It is installed, and damaged. */
  readonly isRepair?: boolean
}

/** Gives the model's key. */
export async function installRepository(
  { form, repository, request, isRepair = false }: RepositoryInstall,
  parts: InstallParts,
  job: RunningJob,
  signal: AbortSignal,
): Promise<string> {
  job.report({ stage: 'resolving' })
  const isResumed = job.plan !== null
  const resolve = (abort: AbortSignal) => planInstall(form, repository, request.format, parts.hub, abort)
  const plan = job.plan ?? (await job.patiently(resolve, signal))
  if (job.plan === null) job.keep(plan)
  const installed = isRepair ? undefined : installedLike({ form, request }, plan, parts.store)
  if (installed !== undefined) {
    // It goes on, and the model is there: the process ended between the model's commit and the job's.
    if (!isResumed) throw new ServiceError({ code: 'already-installed', name: installed.manifest.id })
    await releaseFiles(plan, job.others(), parts.store)
    return installed.key
  }
  await requireSpace(parts.store, missingBytes(plan, parts.store) + plan.modelBytes)
  await using draft = await parts.store.beginModel()
  const { used, blobs } = await fetchAndCompile(taskOf(form, plan, request, parts), plan, draft, parts, job, signal)
  signal.throwIfAborted()
  job.report({ stage: 'installing', compileFraction: 1 })
  for (const { name } of used) {
    const blob = blobs.get(name)
    if (blob === undefined) throw new Error(`${name} is no file of ${plan.id}`)
    draft.use(name, blob)
  }
  const origin = { kind: form, repository: plan.id, commit: plan.commit }
  const key = await draft.commit(origin, request.keepCheckpoint ? [...blobs.values()] : [])
  await releaseFiles(plan, job.others(), parts.store)
  return key
}

/** A model that was made from the same in the same way. Whoever asks for no context of their own has it in any. */
function installedLike(
  { form, request }: Pick<RepositoryInstall, 'form' | 'request'>,
  { id, commit }: InstallPlan,
  store: Store,
): InstalledModel | undefined {
  const { format, quantization, contextTokens } = request
  return store.models().find(({ key, manifest }) => {
    const origin = store.origin(key)
    const isSame = origin?.kind === form && origin.repository === id && origin.commit === commit
    const isMadeSo =
      form === 'ready' || (manifest.weightFormat === format && [quantization, 'none'].includes(manifest.quantization))
    return isSame && isMadeSo && (contextTokens === null || manifest.contextTokens === contextTokens)
  })
}

function taskOf(
  form: ModelForm,
  { id, commit, files }: InstallPlan,
  { format, quantization, contextTokens }: InstallRequest,
  { runtimePath }: InstallParts,
): CompileTask {
  const how = form === 'checkpoint' ? 'Compiled on this computer from the checkpoint' : 'Made from the MLC weights'
  return {
    form,
    files: files.map(({ name, sizeBytes }) => ({ name, sizeBytes })),
    format,
    quantization,
    contextTokens,
    repository: id,
    description: { id, description: `${how} ${id}.`, provenance: `${id} at ${commit}` },
    runtimePath,
  }
}

/** Both at once: the compiler reads what has arrived and waits for the rest. */
async function fetchAndCompile(
  task: CompileTask,
  plan: InstallPlan,
  draft: ModelDraft,
  parts: InstallParts,
  job: RunningJob,
  signal: AbortSignal,
): Promise<{ readonly used: readonly StoredFile[]; readonly blobs: ReadonlyMap<string, StoredBlob> }> {
  const way = filesOnTheWay(plan, { ...parts, job })
  let isFetched = false
  job.report({ stage: 'downloading' })
  const host: CompileHost = {
    place: (name, abort) => way.there(name, abort),
    early: earlyReader(plan, parts, job),
    write: (name, chunk, abort) => draft.write(name, chunk, abort),
    progress: ({ doneBytes, totalBytes }) => {
      job.report({ compileFraction: totalBytes === 0 ? 0 : doneBytes / totalBytes })
      if (!isFetched) return
      job.report({ totalBytes })
      job.moved(doneBytes)
    },
  }
  const [blobs, used] = await both(
    async (abort) => {
      const fetched = await way.fetchAll(abort)
      isFetched = true
      job.report({ stage: 'compiling' })
      return fetched
    },
    (abort) => parts.compile(task, host, abort),
    signal,
  )
  return { used, blobs }
}

/** Parts that are on the disk already count as missing: the check errs on the safe side. */
function missingBytes({ files }: InstallPlan, store: Store): number {
  return files.reduce((sum, { hash, sizeBytes }) => sum + (store.blob(hash) === null ? sizeBytes : 0), 0)
}

/** Headers of files that are still to come, from the Hub. */
function earlyReader(plan: RemoteRepository, { hub, store }: InstallParts, job: RunningJob): CompileHost['early'] {
  const source = remoteSource(hub, plan)
  return async (name, offset, length, signal) => {
    const file = plan.files.find((one) => one.name === name)
    if (file === undefined || store.blob(file.hash) !== null) return null
    const bytes = await source.open(name)
    return await job.patiently((abort) => bytes.read(offset, length, abort), signal)
  }
}

/** What an installation fetched and nothing uses: not what another job fetches as well, nor what belongs to a model. */
export async function releaseFiles(plan: InstallPlan, others: readonly InstallPlan[], store: Store): Promise<void> {
  const wanted = new Set(others.flatMap(({ files }) => files.map(({ hash }) => hash.hex)))
  for (const { hash } of plan.files) {
    if (wanted.has(hash.hex)) continue
    await store.discardPart(hash)
    const blob = store.blob(hash)
    if (blob !== null) await store.collect([blob.sha256])
  }
}
