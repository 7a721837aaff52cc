// One block of a file: asked for as a range, written where it belongs, hashed as it comes. A body that stops coming is given up, one that ends early or goes
// on too long is an error: HTTP tells neither by itself. What came before a failure is kept: the next try asks for the rest.
import { createHash, type Hash } from 'node:crypto'
import type { Hub } from '../hub/hub.ts'
import { HubError } from '../hub/problem.ts'
import { reasonOf } from '../hub/request.ts'
import type { Block, FileOfRepository, Watch } from './types.ts'

/** A block that may have come in part. */
export interface OpenBlock extends Block {
  hash: Hash
  doneBytes: number
}

/** What a try brings is kept from here on. Less may be the text of an error. */
export const leastKeptBytes = 65_536

export interface BlockParts {
  readonly hub: Pick<Hub, 'openFile'>
  readonly write: (chunk: Uint8Array, position: number) => Promise<void>
  readonly watch: Watch
  /** Waits while bytes come faster than they may. */
  readonly throttle: (bytes: number, signal: AbortSignal) => Promise<void>
  /** Negative where bytes that came are not kept. */
  readonly onBytes: (bytes: number) => void
}

export function openBlock(block: Block): OpenBlock {
  return { ...block, hash: createHash('sha256'), doneBytes: 0 }
}

/**
 * Gives the block's sha256, once; null: the server sent the whole file from its first byte on, though a part was asked for. Rejects with HubError, with what
 * the disk says, or with the signal's reason.
 */
export async function fetchBlock(
  { id, commit, file }: FileOfRepository,
  block: OpenBlock,
  parts: BlockParts,
  signal: AbortSignal,
): Promise<string | null> {
  const name = `${id}/${file.name}`
  const { length } = block
  const before = { hash: block.hash.copy(), doneBytes: block.doneBytes }
  return await watched(file.name, parts, signal, async (take, stop) => {
    const offset = block.position + block.doneBytes
    const opened = await parts.hub.openFile({ id, commit, file, offset, length: length - block.doneBytes }, stop)
    if (opened.offset !== offset || opened.isWhole) {
      await opened.body.cancel()
      return null
    }
    for await (const chunk of opened.body) {
      if (block.doneBytes + chunk.byteLength > length)
        throw new HubError({ code: 'changed', name, detail: 'its answer goes on beyond the bytes that were asked for' })
      await take(chunk, async () => {
        await parts.write(chunk, block.position + block.doneBytes)
        block.hash.update(chunk)
        block.doneBytes += chunk.byteLength
        parts.onBytes(chunk.byteLength)
      })
    }
    if (block.doneBytes < length) throw cutShort(file.name, block.position + block.doneBytes)
    return block.hash.digest('hex')
  }).catch((error: unknown) => {
    const triedBytes = block.doneBytes - before.doneBytes
    if (triedBytes < leastKeptBytes) {
      Object.assign(block, before)
      parts.onBytes(-triedBytes)
    }
    throw error
  })
}

/** Takes a chunk that came: the watchdog does not count the time of writing and of the speed limit. */
export type Take = (chunk: Uint8Array, keep: () => Promise<void>) => Promise<void>

/** Runs the reading of a body under the watchdog, and says what broke it: the person, the watchdog, the disk (as it is), or the connection. */
export async function watched<T>(
  name: string,
  { watch, throttle }: Pick<BlockParts, 'watch' | 'throttle'>,
  signal: AbortSignal,
  read: (take: Take, stop: AbortSignal) => Promise<T>,
): Promise<T> {
  const stalled = new AbortController()
  const stop = AbortSignal.any([signal, stalled.signal])
  const watchdog = watch(() => stalled.abort())
  const take: Take = async (chunk, keep) => {
    watchdog.came(chunk.byteLength)
    watchdog.pause()
    await keep()
    await throttle(chunk.byteLength, stop)
    watchdog.resume()
  }
  try {
    return await read(take, stop)
  } catch (error) {
    signal.throwIfAborted()
    const host = 'the file server'
    if (stalled.signal.aborted)
      throw new HubError({ code: 'offline', host, detail: `next to nothing of ${name} came for a while` })
    if (error instanceof HubError || isOfDisk(error)) throw error
    throw new HubError({ code: 'offline', host, detail: reasonOf(error) }, { cause: error })
  } finally {
    watchdog.end()
  }
}

export function cutShort(name: string, atBytes: number): HubError {
  const detail = `the answer for ${name} ended early, at byte ${atBytes}`
  return new HubError({ code: 'offline', host: 'the file server', detail })
}

/** System calls on files name themselves; those on sockets are told by fetch, with the reason in their cause. */
function isOfDisk(error: unknown): boolean {
  const { syscall } = error as { readonly syscall?: unknown }
  return typeof syscall === 'string' && ['write', 'read', 'open', 'fdatasync', 'ftruncate', 'rename'].includes(syscall)
}
