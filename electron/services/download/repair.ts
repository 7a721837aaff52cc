// A file whose blocks all came and whose whole is wrong: something on the way changed bytes. Every block is asked for once more, and those that differ are
// taken from the second answer.
import { createHash } from 'node:crypto'
import { fetchBlock, openBlock } from './fetchBlock.ts'
import type { FileParts } from './fetchMissing.ts'
import type { PartFile } from './partFile.ts'
import { createPatience } from './patience.ts'
import { type Block, blocksOf, type DownloadReports, type FileOfRepository } from './types.ts'

/** Gives the blocks that differed; null where the server sends no parts. Rejects as fetchBlock does. */
export async function refetchWrongBlocks(
  subject: FileOfRepository,
  part: PartFile,
  parts: FileParts,
  reports: DownloadReports,
  signal: AbortSignal,
): Promise<readonly number[] | null> {
  const differing: number[] = []
  for (const block of blocksOf(subject.file.sizeBytes, parts.blockBytes)) {
    const have = sha256Of(await part.readBlock(block.position, block.length))
    const again = await fetchAgain(subject, block, parts, reports, signal)
    if (again === null) return null
    if (again.sha256 === have) continue
    await part.write(again.bytes, block.position)
    part.record(block.index, again.sha256)
    differing.push(block.index)
  }
  await part.sync()
  return differing
}

async function fetchAgain(
  subject: FileOfRepository,
  block: Block,
  parts: FileParts,
  reports: DownloadReports,
  signal: AbortSignal,
): Promise<{ readonly bytes: Uint8Array; readonly sha256: string } | null> {
  const patience = createPatience(parts.clock, parts.random, reports.onWait, subject.file.name)
  const bytes = new Uint8Array(block.length)
  const open = openBlock(block)
  const receive = {
    ...parts,
    write: async (chunk: Uint8Array, position: number) => bytes.set(chunk, position - block.position),
    onBytes: patience.progress,
  }
  for (;;) {
    const attempt = patience.begin()
    try {
      const sha256 = await fetchBlock(subject, open, receive, signal)
      return sha256 === null ? null : { bytes, sha256 }
    } catch (error) {
      await patience.after(error, attempt, signal)
    }
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
