// One block of a file: asked for as a range, written where it belongs, hashed as it comes. A body that stops coming is given up, one that ends early or goes
// on too long is an error: HTTP tells neither by itself.
import { createHash } from 'node:crypto'
import type { Hub } from '../hub/hub.ts'
import { HubError } from '../hub/problem.ts'
import { reasonOf } from '../hub/request.ts'
import type { Block, FileOfRepository, Watch } from './types.ts'

export interface FetchedBlock {
  readonly sha256: string
}

export interface BlockParts {
  readonly hub: Pick<Hub, 'openFile'>
  readonly write: (chunk: Uint8Array, position: number) => Promise<void>
  readonly watch: Watch
  /** Waits while bytes come faster than they may. */
  readonly throttle: (bytes: number, signal: AbortSignal) => Promise<void>
  readonly onBytes: (bytes: number) => void
}

/** null: the server sent the whole file from its first byte on, though a part was asked for. Rejects with HubError, or with the signal's reason. */
export async function fetchBlock(
  { id, commit, file }: FileOfRepository,
  { position, length }: Block,
  parts: BlockParts,
  signal: AbortSignal,
): Promise<FetchedBlock | null> {
  const name = `${id}/${file.name}`
  const stalled = new AbortController()
  const either = AbortSignal.any([signal, stalled.signal])
  const watchdog = parts.watch(() => stalled.abort())
  try {
    const opened = await parts.hub.openFile({ id, commit, file, offset: position, length }, either)
    if (opened.offset !== position || opened.isWhole) {
      await opened.body.cancel()
      return null
    }
    const hash = createHash('sha256')
    let done = 0
    for await (const chunk of opened.body) {
      watchdog.alive()
      if (done + chunk.byteLength > length)
        throw new HubError({ code: 'changed', name, detail: `its answer goes on beyond ${length} bytes` })
      hash.update(chunk)
      await parts.write(chunk, position + done)
      done += chunk.byteLength
      parts.onBytes(chunk.byteLength)
      await parts.throttle(chunk.byteLength, either)
      watchdog.alive()
    }
    if (done < length) throw cutShort(file.name, done, length)
    return { sha256: hash.digest('hex') }
  } catch (error) {
    throw understood(error, file.name, signal, stalled.signal)
  } finally {
    watchdog.end()
  }
}

function cutShort(name: string, doneBytes: number, length: number): HubError {
  const detail = `the answer for ${name} ended after ${doneBytes} of ${length} bytes`
  return new HubError({ code: 'offline', host: 'the file server', detail })
}

/** What broke a body: the person, the watchdog, the disk (as it is), or the connection. */
export function understood(error: unknown, name: string, signal: AbortSignal, stalled: AbortSignal): unknown {
  signal.throwIfAborted()
  if (stalled.aborted)
    return new HubError({ code: 'offline', host: 'the file server', detail: `no byte of ${name} came for a while` })
  if (error instanceof HubError || isOfDisk(error)) return error
  return new HubError({ code: 'offline', host: 'the file server', detail: reasonOf(error) }, { cause: error })
}

/** System calls on files name themselves; those on sockets are told by fetch, with the reason in their cause. */
function isOfDisk(error: unknown): boolean {
  const { syscall } = error as { readonly syscall?: unknown }
  return typeof syscall === 'string' && ['write', 'read', 'open', 'fdatasync', 'ftruncate', 'rename'].includes(syscall)
}
