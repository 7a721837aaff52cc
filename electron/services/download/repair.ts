// A file whose blocks all came and whose whole is wrong: something on the way changed bytes. Every block is asked for once more, and those that differ are
// taken from the second answer.
import { createHash } from 'node:crypto'
import type { FileParts } from './downloadFile.ts'
import { fetchBlock } from './fetchBlock.ts'
import type { PartFile } from './partFile.ts'
import { createPatience } from './patience.ts'
import { blocksOf, type DownloadReports, type FileOfRepository } from './types.ts'

/** Gives the blocks that differed. Rejects as fetchBlock does. */
export async function refetchWrongBlocks(
  subject: FileOfRepository,
  part: PartFile,
  parts: FileParts,
  reports: DownloadReports,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const { file } = subject
  const patience = createPatience(parts.clock, parts.random, reports.onWait, file.name)
  const differing: number[] = []
  for (const block of blocksOf(file.sizeBytes, parts.blockBytes)) {
    const have = createHash('sha256')
      .update(await part.readBlock(block.position, block.length))
      .digest('hex')
    for (;;) {
      const bytes = new Uint8Array(block.length)
      const receive = {
        ...parts,
        write: async (chunk: Uint8Array, position: number) => bytes.set(chunk, position - block.position),
        onBytes: () => patience.progress(),
      }
      try {
        const fetched = await fetchBlock(subject, block, receive, signal)
        // A server of whole files only: the first answer stands.
        if (fetched === null) return differing
        if (fetched.sha256 !== have) {
          await part.write(bytes, block.position)
          part.record(block.index, fetched.sha256)
          differing.push(block.index)
        }
        break
      } catch (error) {
        await patience.after(error, signal)
      }
    }
  }
  await part.sync()
  return differing
}
