// What each kind of job does.
import { repositoryAt } from '../hub/repositoryAt.ts'
import { ServiceError } from '../serviceError.ts'
import { installFolder } from './installFolder.ts'
import { type InstallParts, installRepository } from './installRepository.ts'
import type { ModelKeeper } from './keeper.ts'
import type { RunningJob } from './queue.ts'

export interface JobParts extends InstallParts {
  readonly keeper: ModelKeeper
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
      return await repair(work.key, parts, job, signal)
    case 'move':
      job.report({ stage: 'moving' })
      await parts.keeper.moveTo(work.path, countedBy(job), signal)
      return null
    default:
      return work satisfies never
  }
}

/** Reads every byte. What is wrong stands in the model's record afterwards. */
async function check(key: string, keeper: ModelKeeper, job: RunningJob, signal: AbortSignal) {
  job.report({ stage: 'checking' })
  return await keeper.verify(key, countedBy(job), signal)
}

/**
 * What is damaged is made again from the commit the model came from: files that are used as they were published are fetched, others compiled anew. Equal inputs
 * give equal bytes, so it is the same model afterwards; what is whole is neither fetched nor written again.
 */
async function repair(key: string, parts: JobParts, job: RunningJob, signal: AbortSignal): Promise<string> {
  const damage = await check(key, parts.keeper, job, signal)
  if (damage.length === 0) return key
  const { manifest, origin, keepsCheckpoint } = parts.keeper.recipe(key)
  if (origin === null || origin.kind === 'folder') {
    const detail = 'it was made from a folder: install it again from there'
    throw new ServiceError({ code: 'does-not-compile', file: manifest.id, detail })
  }
  const { quantization } = manifest
  const made = await installRepository(
    {
      form: origin.kind,
      isRepair: true,
      repository: repositoryAt(origin.repository, origin.commit),
      request: {
        source: { kind: origin.kind, repository: origin.repository },
        format: manifest.weightFormat,
        quantization: quantization === 'search' ? 'search' : 'round-to-nearest',
        contextTokens: manifest.contextTokens,
        keepCheckpoint: keepsCheckpoint,
      },
    },
    parts,
    job,
    signal,
  )
  if (made === key) return key
  // Another version of Hearth made the damaged one: the new one stands beside it.
  const detail = 'this version of Hearth makes another model of it, which is installed beside it'
  throw new ServiceError({ code: 'does-not-compile', file: manifest.id, detail })
}

function countedBy(job: RunningJob) {
  return (doneBytes: number, totalBytes: number) => {
    job.report({ totalBytes })
    job.moved(doneBytes)
  }
}
