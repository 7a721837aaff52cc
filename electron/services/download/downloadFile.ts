// One file from a repository into the store: whatever is there already is kept, the rest comes in blocks over several connections, and nothing counts before
// the whole has the hash of the listing.
import { ServiceError } from '../serviceError.ts'
import type { StoredBlob } from '../store/store.ts'
import { checkWhole, type Whole } from './checkWhole.ts'
import { diskError } from './disk.ts'
import { type FileParts, fetchMissing } from './fetchMissing.ts'
import { openPart } from './partFile.ts'
import { refetchWrongBlocks } from './repair.ts'
import type { DownloadReports, FileOfRepository } from './types.ts'

/** Rejects with HubError, ServiceError (wrong-bytes, disk-full, store-unusable), or with the signal's reason; what came by then is kept for the next time. */
export async function downloadFile(
  subject: FileOfRepository,
  parts: FileParts,
  reports: DownloadReports,
  signal: AbortSignal,
): Promise<StoredBlob> {
  const { file } = subject
  const { store } = parts
  try {
    const known = store.blob(file.hash)
    if (known !== null) {
      // A process may have ended between the row and the removal of the journal.
      await store.discardPart(file.hash)
      return known
    }
    const { sha256, problem } = await receive(subject, parts, reports, signal)
    if (problem === null) return await store.publish(file.hash, { sha256, sizeBytes: file.sizeBytes })
    // Nothing that is on the disk now can be told right from wrong: it is set aside, so that the next try starts with nothing.
    await store.quarantine(file.hash)
    const { expected, actual } = problem
    throw new ServiceError({ code: 'wrong-bytes', file: `${subject.id}/${file.name}`, expected, actual })
  } catch (error) {
    throw await diskError(error, store, file.sizeBytes)
  }
}

/** Every byte into the part file; where the whole is wrong, the blocks that differ once more. */
async function receive(
  subject: FileOfRepository,
  parts: FileParts,
  reports: DownloadReports,
  signal: AbortSignal,
): Promise<Whole> {
  const { file } = subject
  await using part = await openPart(parts.store.partPaths(file.hash), file, parts.blockBytes)
  await fetchMissing(subject, part, parts, reports, signal)
  const first = await checkWhole(part, file, signal)
  if (first.problem === null) return first
  const differing = await refetchWrongBlocks(subject, part, parts, reports, signal)
  if (differing === null) {
    // A server of whole files only.
    await part.restart()
    await fetchMissing(subject, part, parts, reports, signal)
  }
  return await checkWhole(part, file, signal)
}
