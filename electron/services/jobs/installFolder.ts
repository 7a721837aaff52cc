// From a folder of this computer to a model: a checkpoint is compiled, weights in MLC's form are used where they lie. The folder is never changed; it may be
// one of another program.
import { join } from 'node:path'
import { filesToFetch } from '../../../shared/inspect/filesToFetch.ts'
import { formOf } from '../../../shared/inspect/inspectSource.ts'
import type { InstallRequest } from '../../../shared/jobs.ts'
import { openFolder } from '../files.ts'
import { modelName, repositoryOf } from '../folderName.ts'
import type { CompileHost, CompileTask } from './compileTask.ts'
import { requireSpace } from './diskSpace.ts'
import type { InstallParts } from './installRepository.ts'
import { lookAt, modelBytes } from './planInstall.ts'
import type { RunningJob } from './queue.ts'

type FolderParts = Pick<InstallParts, 'store' | 'compile' | 'runtimePath'>

/** Gives the model's key. */
export async function installFolder(
  folder: string,
  request: InstallRequest,
  parts: FolderParts,
  job: RunningJob,
  signal: AbortSignal,
): Promise<string> {
  job.report({ stage: 'resolving' })
  const task = await taskOf(folder, request, parts, signal)
  await using draft = await parts.store.beginModel()
  const host: CompileHost = {
    place: async (name) => ({ path: join(folder, name), sha256: null }),
    early: async () => null,
    write: (name, chunk, abort) => draft.write(name, chunk, abort),
    progress: ({ doneBytes, totalBytes }) => {
      job.report({ totalBytes, compileFraction: totalBytes === 0 ? 0 : doneBytes / totalBytes })
      job.moved(doneBytes)
    },
  }
  job.report({ stage: 'compiling' })
  const used = await parts.compile(task, host, signal)
  signal.throwIfAborted()
  job.report({ stage: 'installing', compileFraction: 1 })
  for (const { name, sizeBytes, sha256 } of used) {
    draft.useInPlace(name, { path: join(folder, name), sizeBytes, sha256 })
  }
  return await draft.commit(null, [])
}

async function taskOf(
  folder: string,
  { format, quantization, contextTokens }: InstallRequest,
  { store, runtimePath }: FolderParts,
  signal: AbortSignal,
): Promise<CompileTask> {
  await using source = await openFolder(folder)
  const repository = repositoryOf(folder)
  const names = await source.names()
  const form = formOf(names)
  const found = await lookAt(form, source, repository, 'whole', signal)
  await requireSpace(store, modelBytes(form, found, format))
  const listing = names.map(async (name) => ({ name, sizeBytes: (await source.open(name)).sizeBytes }))
  return {
    form,
    files: filesToFetch(await Promise.all(listing), form, found.weightFiles),
    format,
    quantization,
    contextTokens,
    repository,
    description: { id: repository.includes('/') ? repository : `local/${modelName(folder)}` },
    runtimePath,
  }
}
