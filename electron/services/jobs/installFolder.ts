// From a checkpoint folder of this computer to a model. The folder is read in place and never changed; it may be one of another program.
import { join } from 'node:path'
import { inspectCheckpoint } from '../../../shared/inspect/inspect.ts'
import type { InstallRequest } from '../../../shared/jobs.ts'
import { openFolder } from '../files.ts'
import { modelName, repositoryOf } from '../folderName.ts'
import { ServiceError } from '../serviceError.ts'
import { chooseNames } from './chooseFiles.ts'
import type { CompileHost, CompileTask } from './compileTask.ts'
import { requireSpace } from './diskSpace.ts'
import type { InstallParts } from './installCheckpoint.ts'
import type { RunningJob } from './queue.ts'

/** Gives the model's key. */
export async function installFolder(
  folder: string,
  request: InstallRequest,
  parts: Pick<InstallParts, 'store' | 'compile' | 'runtimePath'>,
  job: RunningJob,
  signal: AbortSignal,
): Promise<string> {
  job.report({ stage: 'resolving' })
  const repository = repositoryOf(folder)
  const files = await filesToRead(folder, repository, request, parts, signal)
  await using draft = await parts.store.beginModel()
  const task: CompileTask = {
    files,
    format: request.format,
    quantization: request.quantization,
    contextTokens: request.contextTokens,
    repository,
    description: { id: repository.includes('/') ? repository : `local/${modelName(folder)}` },
    runtimePath: parts.runtimePath,
  }
  const host: CompileHost = {
    place: async (name) => ({ path: join(folder, name), sha256: null }),
    early: async () => null,
    write: (name, chunk, abort) => draft.write(name, chunk, abort),
    progress: ({ doneBytes, totalBytes }) => {
      job.report({ totalBytes, compileFraction: totalBytes === 0 ? 0 : doneBytes / totalBytes })
      job.moved(doneBytes)
    },
  }
  job.report({ stage: 'compiling', files: [] })
  await parts.compile(task, host, signal)
  signal.throwIfAborted()
  job.report({ stage: 'installing', compileFraction: 1 })
  return await draft.commit(null, [])
}

async function filesToRead(
  folder: string,
  repository: string,
  { format }: InstallRequest,
  { store }: Pick<InstallParts, 'store'>,
  signal: AbortSignal,
): Promise<CompileTask['files']> {
  await using source = await openFolder(folder)
  const found = await inspectCheckpoint(source, repository, signal)
  if (found.obstacle !== null)
    throw new ServiceError({ code: 'does-not-compile', file: repository, detail: found.obstacle })
  await requireSpace(store, found.sizes.find((size) => size.format === format)?.sizeBytes ?? 0)
  const names = chooseNames(
    await source.names(),
    found.weightFiles.map(({ name }) => name),
  )
  return await Promise.all(names.map(async (name) => ({ name, sizeBytes: (await source.open(name)).sizeBytes })))
}
