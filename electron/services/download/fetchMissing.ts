// The blocks of a file that are not on the disk yet, in order, over several connections. Each counts once its bytes and then its line in the journal are
// safe; never more than four blocks are under way or not yet safe.
import type { BlobStore } from '../store/store.ts'
import { requireDisk } from './disk.ts'
import { type BlockParts, fetchBlock, type OpenBlock, openBlock } from './fetchBlock.ts'
import { fetchWhole } from './fetchWhole.ts'
import type { PartFile } from './partFile.ts'
import { createPatience } from './patience.ts'
import { createSaver } from './saver.ts'
import { type Block, blocksOf, type Clock, type DownloadReports, type FileOfRepository } from './types.ts'

export interface FileParts extends Pick<BlockParts, 'hub' | 'watch' | 'throttle'> {
  readonly store: BlobStore
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  readonly blockBytes: number
  /** At once, for one file: 1 to 4. */
  readonly connections: number
  readonly reserveBytes: number
}

const diskCheckBytes = 2 ** 30

/** Rejects with HubError, ServiceError disk-full, with what the disk says, or with the signal's reason; what came by then is kept. */
export async function fetchMissing(
  subject: FileOfRepository,
  part: PartFile,
  parts: FileParts,
  reports: DownloadReports,
  signal: AbortSignal,
): Promise<void> {
  const { file } = subject
  const { store, clock, blockBytes, reserveBytes } = parts
  const all = blocksOf(file.sizeBytes, blockBytes)
  const missing: OpenBlock[] = all.filter(({ index }) => !part.blocks.has(index)).map(openBlock)
  let doneBytes = bytesOf(all) - bytesOf(missing)
  const leftBytes = () => file.sizeBytes - doneBytes
  reports.onBytes(doneBytes)
  await requireDisk(store, leftBytes(), reserveBytes)

  const saver = createSaver(part, { clock, blockBytes, connections: parts.connections })
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
      patience.progress(bytes)
      reports.onBytes(doneBytes)
    },
  }
  const finished = async (block: OpenBlock, sha256: string) => {
    patience.finished()
    part.record(block.index, sha256)
    await saver.saved(block.length)
  }
  let sendsWhole = false
  const fetchNext = async (): Promise<void> => {
    for (let block = missing.shift(); block !== undefined; block = sendsWhole ? undefined : missing.shift()) {
      const attempt = patience.begin()
      try {
        const sha256 = await fetchBlock(subject, block, receiving, either)
        if (sha256 === null) sendsWhole = true
        else await finished(block, sha256)
      } catch (error) {
        missing.unshift(block)
        await patience.after(error, attempt, either)
      }
    }
  }
  const fetchAllAtOnce = async (): Promise<void> => {
    const whole = { ...receiving, has: (index: number) => part.blocks.has(index), onBlock: finished }
    for (;;) {
      // Of blocks that came in part nothing is kept: they come again.
      doneBytes = bytesOf(all.filter(({ index }) => part.blocks.has(index)))
      const attempt = patience.begin()
      try {
        return await fetchWhole(subject, blockBytes, whole, either)
      } catch (error) {
        await patience.after(error, attempt, either)
      }
    }
  }
  try {
    const lines = Array.from({ length: Math.min(parts.connections, missing.length) }, fetchNext)
    // The first that gives up ends the others.
    await Promise.all(lines.map((line) => line.catch((error: unknown) => stopAll(stop, lines, error))))
    if (sendsWhole) await fetchAllAtOnce()
    await saver.flush()
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

function bytesOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { length }) => sum + length, 0)
}
