// A whole file from its first byte on, for servers that send no parts. It is cut into blocks all the same, so that what came is not lost when it breaks off.
import { createHash, type Hash } from 'node:crypto'
import { HubError } from '../hub/problem.ts'
import { type BlockParts, understood } from './fetchBlock.ts'
import { blocksOf, type FileOfRepository } from './types.ts'

/** Calls `onBlock` for each block that is written. Rejects as fetchBlock does. */
export async function fetchWhole(
  { id, commit, file }: FileOfRepository,
  blockBytes: number,
  { onBlock, ...parts }: BlockParts & { readonly onBlock: (index: number, sha256: string) => Promise<void> },
  signal: AbortSignal,
): Promise<void> {
  const stalled = new AbortController()
  const either = AbortSignal.any([signal, stalled.signal])
  const watchdog = parts.watch(() => stalled.abort())
  const blocks = blocksOf(file.sizeBytes, blockBytes)
  try {
    const opened = await parts.hub.openFile({ id, commit, file, offset: 0 }, either)
    let hash: Hash = createHash('sha256')
    let position = 0
    for await (const chunk of opened.body) {
      watchdog.alive()
      if (position + chunk.byteLength > file.sizeBytes)
        throw new HubError({ code: 'changed', name: `${id}/${file.name}`, detail: 'its answer goes on too long' })
      await parts.write(chunk, position)
      for (let taken = 0; taken < chunk.byteLength; ) {
        const block = blocks[Math.floor(position / blockBytes)]
        if (block === undefined) break
        const more = chunk.subarray(taken, taken + block.position + block.length - position)
        hash.update(more)
        taken += more.byteLength
        position += more.byteLength
        if (position < block.position + block.length) continue
        await onBlock(block.index, hash.digest('hex'))
        hash = createHash('sha256')
      }
      parts.onBytes(chunk.byteLength)
      await parts.throttle(chunk.byteLength, either)
      watchdog.alive()
    }
    if (position < file.sizeBytes) {
      const detail = `the answer for ${file.name} ended after ${position} of ${file.sizeBytes} bytes`
      throw new HubError({ code: 'offline', host: 'the file server', detail })
    }
  } catch (error) {
    throw understood(error, file.name, signal, stalled.signal)
  } finally {
    watchdog.end()
  }
}
