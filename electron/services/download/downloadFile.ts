// One file from a repository into the store: whatever is there already is kept, the rest comes in blocks over several connections, and nothing counts before
// the whole has the hash of the listing.
import { ServiceError } from '../serviceError.ts'
import type { BlobStore, StoredBlob } from '../store/store.ts'
import { checkWhole, type Whole } from './checkWhole.ts'
import { diskError, requireDisk } from './disk.ts'
import { type BlockParts, fetchBlock } from './fetchBlock.ts'
import { fetchWhole } from './fetchWhole.ts'
import { openPart, type PartFile } from './partFile.ts'
import { createPatience } from './patience.ts'
import { refetchWrongBlocks } from './repair.ts'
import { type Block, blocksOf, type Clock, type DownloadReports, type FileOfRepository } from './types.ts'

export interface FileParts extends Pick<BlockParts, 'hub' | 'watch' | 'throttle'> {
  readonly store: BlobStore
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly blockBytes: number
  /** At once, for one file. */
  readonly connections: number
  readonly reserveBytes: number
}

/** So much is written before it is made to last, at most; or this long, whichever comes first. */
const syncBytes = 64 * 2 ** 20
const syncMs = 5000
const diskCheckBytes = 2 ** 30

/** Rejects with HubError, ServiceError (wrong-bytes, disk-full), or with the signal's reason; what came by then is kept for the next time. */
export async function downloadFile(
  subject: FileOfRepository,
  parts: FileParts,
  reports: DownloadReports,
  signal: AbortSignal,
): Promise<StoredBlob> {
  const { file } = subject
  const { store } = parts
  const known = store.blob(file.hash)
  if (known !== null) return known
  const { sha256, problem } = await receive(subject, parts, reports, signal)
  if (problem === null) return await store.publish(file.hash, { sha256, sizeBytes: file.sizeBytes })
  // Nothing that is on the disk now can be told right from wrong: it is set aside, so that the next try starts with nothing.
  await store.quarantine(file.hash)
  const { expected, actual } = problem
  throw new ServiceError({ code: 'wrong-bytes', file: `${subject.id}/${file.name}`, expected, actual })
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
  await refetchWrongBlocks(subject, part, parts, reports, signal)
  return await checkWhole(part, file, signal)
}

async function fetchMissing(
  subject: FileOfRepository,
  part: PartFile,
  parts: FileParts,
  reports: DownloadReports,
  signal: AbortSignal,
): Promise<void> {
  const { file } = subject
  const { store, clock, blockBytes, reserveBytes } = parts
  const all = blocksOf(file.sizeBytes, blockBytes)
  const missing = all.filter(({ index }) => !part.blocks.has(index))
  let doneBytes = bytesOf(all) - bytesOf(missing)
  const leftBytes = () => Math.max(0, file.sizeBytes - doneBytes)
  reports.onBytes(doneBytes)
  await requireDisk(store, leftBytes(), reserveBytes)

  const saver = createSaver(part, clock)
  const patience = createPatience(clock, parts.random, reports.onWait, file.name)
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  let uncheckedBytes = 0
  const receiving: BlockParts = {
    ...parts,
    write: async (chunk, position) => {
      uncheckedBytes += chunk.byteLength
      if (uncheckedBytes >= diskCheckBytes) {
        uncheckedBytes = 0
        await requireDisk(store, leftBytes(), reserveBytes)
      }
      await part.write(chunk, position)
    },
    onBytes: (bytes) => {
      doneBytes += bytes
      patience.progress()
      reports.onBytes(Math.min(doneBytes, file.sizeBytes))
    },
  }
  let sendsWhole = false
  const fetchNext = async (): Promise<void> => {
    for (let block = missing.shift(); block !== undefined && !sendsWhole; block = missing.shift()) {
      const before = doneBytes
      try {
        const fetched = await fetchBlock(subject, block, receiving, either)
        if (fetched === null) {
          sendsWhole = true
          return
        }
        part.record(block.index, fetched.sha256)
        await saver.saved(block.length)
      } catch (error) {
        // Its bytes come again.
        doneBytes = Math.min(doneBytes, before)
        missing.unshift(block)
        await patience.after(error, either)
      }
    }
  }
  const fetchAllAtOnce = async (): Promise<void> => {
    for (;;) {
      doneBytes = 0
      try {
        await fetchWhole(
          subject,
          blockBytes,
          {
            ...receiving,
            onBlock: async (index, sha256) => {
              part.record(index, sha256)
              await saver.saved(blockBytes)
            },
          },
          either,
        )
        return
      } catch (error) {
        await patience.after(error, either)
      }
    }
  }
  try {
    const lines = Array.from({ length: Math.min(parts.connections, missing.length) }, fetchNext)
    // The first that gives up ends the others.
    await Promise.all(lines.map((line) => line.catch((error: unknown) => stopAll(stop, lines, error))))
    if (sendsWhole) await fetchAllAtOnce()
  } catch (error) {
    throw await diskError(error, store, leftBytes())
  } finally {
    // Also what came before a failure is kept; a disk that is full or gone cannot keep it.
    await saver.flush().catch(() => undefined)
  }
}

async function stopAll(stop: AbortController, lines: readonly Promise<void>[], error: unknown): Promise<never> {
  stop.abort(error)
  await Promise.allSettled(lines)
  throw error
}

/** Makes finished blocks last in batches: a call costs some milliseconds. */
function createSaver(part: PartFile, clock: Clock) {
  let unsavedBytes = 0
  let savedMs = clock.now()
  const flush = async () => {
    unsavedBytes = 0
    savedMs = clock.now()
    await part.sync()
  }
  return {
    flush,
    async saved(bytes: number) {
      unsavedBytes += bytes
      if (unsavedBytes >= syncBytes || clock.now() - savedMs >= syncMs) await flush()
    },
  }
}

function bytesOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { length }) => sum + length, 0)
}
