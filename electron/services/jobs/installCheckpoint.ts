// From a repository to a model: pin, list, look, choose, fetch, compile beside it, commit. Whatever stops it, no half model is left; what was fetched stays
// for the next try.
import type { ModelSource } from '../../../shared/compiler/checkpoint/bytes.ts'
import { inspectCheckpoint } from '../../../shared/inspect/inspect.ts'
import type { InstallRequest } from '../../../shared/jobs.ts'
import type { Hub } from '../hub/hub.ts'
import { ServiceError } from '../serviceError.ts'
import type { Store } from '../store/store.ts'
import { both } from './both.ts'
import { chooseFiles } from './chooseFiles.ts'
import type { CompileHost, CompileTask } from './compileTask.ts'
import { requireSpace } from './diskSpace.ts'
import { type FileDownload, filesOnTheWay } from './downloads.ts'
import type { RunningJob } from './queue.ts'
import { type RemoteRepository, remoteSource } from './remoteSource.ts'
import type { InstallPlan } from './rows.ts'

export interface InstallParts {
  /** Asked anew for each step: endpoint and token may change while a job waits. */
  readonly hub: () => Hub
  readonly store: Store
  readonly download: FileDownload
  readonly compile: (task: CompileTask, host: CompileHost, signal: AbortSignal) => Promise<void>
  /** Of hearth-runtime.wasm. */
  readonly runtimePath: string
}

/** Gives the model's key. */
export async function installCheckpoint(
  repository: string,
  request: InstallRequest,
  parts: InstallParts,
  job: RunningJob,
  signal: AbortSignal,
): Promise<string> {
  job.report({ stage: 'resolving' })
  const plan = job.plan ?? (await job.patiently((abort) => resolve(repository, request, parts.hub(), abort), signal))
  if (job.plan === null) job.keep(plan)
  await requireSpace(parts.store, missingBytes(plan, parts.store) + plan.modelBytes)
  const way = filesOnTheWay(plan, { ...parts, job })
  await using draft = await parts.store.beginModel()
  const task: CompileTask = {
    files: plan.files.map(({ name, sizeBytes }) => ({ name, sizeBytes })),
    format: request.format,
    quantization: request.quantization,
    contextTokens: request.contextTokens,
    repository: plan.id,
    description: {
      id: plan.id,
      description: `Compiled on this computer from the checkpoint ${plan.id}.`,
      provenance: `${plan.id} at ${plan.commit}`,
    },
    runtimePath: parts.runtimePath,
  }
  let stage: 'downloading' | 'compiling' = 'downloading'
  job.report({ stage })
  const host: CompileHost = {
    place: (name, abort) => way.there(name, abort),
    early: (name, offset, length, abort) => readEarly(plan, parts, job, { name, offset, length }, abort),
    write: (name, chunk, abort) => draft.write(name, chunk, abort),
    progress: ({ doneBytes, totalBytes }) => {
      job.report({ compileFraction: totalBytes === 0 ? 0 : doneBytes / totalBytes })
      if (stage !== 'compiling') return
      job.report({ totalBytes })
      job.moved(doneBytes)
    },
  }
  const [blobs] = await both(
    async (abort) => {
      const fetched = await way.fetchAll(abort)
      stage = 'compiling'
      job.report({ stage })
      return fetched
    },
    (abort) => parts.compile(task, host, abort),
    signal,
  )
  signal.throwIfAborted()
  job.report({ stage: 'installing', compileFraction: 1 })
  return await draft.commit(
    { kind: 'checkpoint', repository: plan.id, commit: plan.commit },
    request.keepCheckpoint ? blobs : [],
  )
}

/** What there is, whether it compiles, and which files that takes: a few small files and the headers of the large ones are read for it. */
async function resolve(
  repository: string,
  { format }: InstallRequest,
  hub: Hub,
  signal: AbortSignal,
): Promise<InstallPlan> {
  const { id, commit } = await hub.pin(repository, signal)
  const files = await hub.listFiles({ id, commit }, signal)
  const source: ModelSource = remoteSource(hub, { id, commit, files })
  const found = await inspectCheckpoint(source, id, signal)
  if (found.obstacle !== null) throw new ServiceError({ code: 'does-not-compile', file: id, detail: found.obstacle })
  const weights = found.weightFiles.map(({ name }) => name)
  const modelBytes = found.sizes.find((size) => size.format === format)?.sizeBytes ?? 0
  return { id, commit, files: [...chooseFiles(files, weights)], modelBytes }
}

/** Parts that are on the disk already count as missing: the check errs on the safe side. */
function missingBytes({ files }: InstallPlan, store: Store): number {
  return files.reduce((sum, { hash, sizeBytes }) => sum + (store.blob(hash) === null ? sizeBytes : 0), 0)
}

/** Headers of files that are still to come, from the Hub. Without network there is nothing early, and the compiler waits. */
async function readEarly(
  plan: RemoteRepository,
  { hub, store }: InstallParts,
  job: RunningJob,
  { name, offset, length }: { readonly name: string; readonly offset: number; readonly length: number },
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const file = plan.files.find((one) => one.name === name)
  if (file === undefined || store.blob(file.hash) !== null) return null
  const source = await remoteSource(hub(), plan).open(name)
  return await job.patiently((abort) => source.read(offset, length, abort), signal)
}

/** Of a cancelled installation: its parts, as far as no other job fetches the same. */
export async function forgetParts(plan: InstallPlan, others: readonly InstallPlan[], store: Store): Promise<void> {
  const wanted = new Set(others.flatMap(({ files }) => files.map(({ hash }) => `${hash.kind}-${hash.hex}`)))
  for (const { hash } of plan.files) {
    if (!wanted.has(`${hash.kind}-${hash.hex}`)) await store.discardPart(hash)
  }
}
