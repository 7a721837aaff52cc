// A damaged model made whole again from the commit it came from: files that are used as they were published are fetched, and of those only the blocks that are
// wrong; others are compiled anew. Equal inputs give equal bytes, so it is the same model afterwards.
import { repositoryAt } from '../hub/repositoryAt.ts'
import { ServiceError } from '../serviceError.ts'
import { type InstallParts, installRepository } from './installRepository.ts'
import type { RunningJob } from './queue.ts'

/** What the last check found is mended. Gives the model's key; rejects with ServiceError not-installed for one that is not in the store. */
export async function repair(key: string, parts: InstallParts, job: RunningJob, signal: AbortSignal): Promise<string> {
  const { store } = parts
  const plan = store.repairPlan(key)
  if (plan.length === 0) return key
  const model = store.models().find((one) => one.key === key)
  if (model === undefined) throw new ServiceError({ code: 'not-installed', name: key })
  const { manifest } = model
  const refused = (detail: string) => new ServiceError({ code: 'does-not-compile', file: manifest.id, detail })
  const elsewhere = plan.find(({ how }) => how === 'elsewhere')
  if (elsewhere !== undefined) throw refused(`${elsewhere.file} belongs to another program and is not changed here`)
  const origin = store.origin(key)
  if (origin === null || origin.kind === 'folder')
    throw refused('it was made from a folder: remove it and install it again from there')
  for (const { sha256 } of plan) await store.withdraw(sha256)
  const made = await installRepository(
    {
      form: origin.kind,
      isRepair: true,
      repository: repositoryAt(origin.repository, origin.commit),
      request: {
        source: { kind: origin.kind, repository: origin.repository },
        format: manifest.weightFormat,
        quantization: manifest.quantization === 'search' ? 'search' : 'round-to-nearest',
        contextTokens: manifest.contextTokens,
        keepCheckpoint: store.checkpoint(key).length > 0,
      },
    },
    parts,
    job,
    signal,
  )
  if (made === key) return key
  // Another version of Hearth made the damaged one.
  throw refused('this version of Hearth makes another model of it, which stands beside it now')
}
