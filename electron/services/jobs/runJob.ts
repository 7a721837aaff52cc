// What each kind of job does.
import type { OnBytes } from '../store/verify.ts'
import { installFolder } from './installFolder.ts'
import { type InstallParts, installRepository } from './installRepository.ts'
import type { ModelKeeper } from './keeper.ts'
import type { RunningJob } from './queue.ts'
import { repair } from './repair.ts'

export interface JobParts extends InstallParts {
  readonly keeper: ModelKeeper
  /** Moves the models folder. */
  readonly moveTo: (folder: string, onBytes: OnBytes, signal: AbortSignal) => Promise<void>
}

/** Gives the key of the model that was made or mended; null where none was. */
export async function runJob(job: RunningJob, parts: JobParts, signal: AbortSignal): Promise<string | null> {
  const { work } = job
  switch (work.kind) {
    case 'install': {
      const { request, folder } = work
      const { source } = request
      if (source.kind !== 'folder')
        return await installRepository(
          { form: source.kind, repository: source.repository, request },
          parts,
          job,
          signal,
        )
      if (folder === null) throw new Error('an installation from a folder has lost its path')
      return await installFolder(folder, request, parts, job, signal)
    }
    case 'verify':
      await check(work.key, parts.keeper, job, signal)
      return null
    case 'repair':
      await check(work.key, parts.keeper, job, signal)
      return await repair(work.key, parts, job, signal)
    case 'move':
      job.report({ stage: 'moving' })
      await parts.moveTo(work.path, countedBy(job), signal)
      return null
    default:
      return work satisfies never
  }
}

async function check(key: string, keeper: ModelKeeper, job: RunningJob, signal: AbortSignal): Promise<void> {
  job.report({ stage: 'checking' })
  await keeper.verify(key, countedBy(job), signal)
}

function countedBy(job: RunningJob): OnBytes {
  return (doneBytes, totalBytes) => {
    job.report({ totalBytes })
    job.moved(doneBytes)
  }
}
