// A whole file from its first byte on, for servers that send no parts. It is cut into blocks all the same: those that are there already are passed over, and
// what came is not lost when it breaks off.
import { HubError } from '../hub/problem.ts'
import { type BlockParts, cutShort, type OpenBlock, openBlock, watched } from './fetchBlock.ts'
import { blocksOf, type FileOfRepository } from './types.ts'

export interface WholeParts extends BlockParts {
  readonly has: (index: number) => boolean
  readonly onBlock: (block: OpenBlock, sha256: string) => Promise<void>
}

/** Calls `onBytes` and `onBlock` for each block that came and was not there. Rejects as fetchBlock does. */
export async function fetchWhole(
  { id, commit, file }: FileOfRepository,
  blockBytes: number,
  parts: WholeParts,
  signal: AbortSignal,
): Promise<void> {
  const blocks = blocksOf(file.sizeBytes, blockBytes).map(openBlock)
  const { has, write, onBlock, onBytes } = parts
  const receive = async (block: OpenBlock, bytes: Uint8Array) => {
    if (has(block.index)) return
    await write(bytes, block.position + block.doneBytes)
    block.hash.update(bytes)
    block.doneBytes += bytes.byteLength
    if (block.doneBytes < block.length) return
    await onBlock(block, block.hash.digest('hex'))
    onBytes(block.length)
  }
  await watched(file.name, parts, signal, async (take, stop) => {
    const opened = await parts.hub.openFile({ id, commit, file, offset: 0 }, stop)
    let position = 0
    for await (const chunk of opened.body) {
      if (position + chunk.byteLength > file.sizeBytes)
        throw new HubError({ code: 'changed', name: `${id}/${file.name}`, detail: 'its answer goes on too long' })
      await take(chunk, async () => {
        for (let taken = 0; taken < chunk.byteLength; ) {
          const block = blocks[Math.floor(position / blockBytes)]
          if (block === undefined) return
          const bytes = chunk.subarray(taken, taken + block.position + block.length - position)
          await receive(block, bytes)
          taken += bytes.byteLength
          position += bytes.byteLength
        }
      })
    }
    if (position < file.sizeBytes) throw cutShort(file.name, position)
  })
}
