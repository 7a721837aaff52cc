// Some bytes of a large file: headers, before anything is downloaded. They cannot be hashed by themselves, so nothing is made from them that is not compared
// with the verified file later.
import type { Hub } from './hub.ts'
import type { FileRequest } from './openFile.ts'
import { HubError } from './problem.ts'
import { reasonOf } from './request.ts'

/** What a server may send in front of the range before it is given up. */
const toleratedBytes = 4 * 2 ** 20

/** Exactly `length` bytes from `request.offset`. Rejects with HubError, or with the signal's reason. */
export async function readRange(
  hub: Pick<Hub, 'openFile'>,
  request: FileRequest,
  length: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { offset, file, id } = request
  const name = `${id}/${file.name}`
  const opened = await hub.openFile({ ...request, length }, signal)
  if (offset - opened.offset > toleratedBytes) {
    await opened.body.cancel()
    throw new HubError({ code: 'changed', name, detail: 'the file server sends no parts of files' })
  }
  const bytes = new Uint8Array(length)
  let position = opened.offset
  try {
    for await (const chunk of opened.body) {
      const from = Math.max(0, offset - position)
      const part = chunk.subarray(from, Math.max(from, offset + length - position))
      if (part.byteLength > 0) bytes.set(part, position + from - offset)
      position += chunk.byteLength
      // Where the whole file comes all the same, leaving the loop closes the connection.
      if (position >= offset + length) return bytes
    }
  } catch (cause) {
    signal.throwIfAborted()
    // Switched off here, not cut off there.
    if (cause instanceof HubError) throw cause
    throw new HubError({ code: 'offline', host: 'the file server', detail: reasonOf(cause) }, { cause })
  }
  throw new HubError({ code: 'changed', name, detail: `its answer ends at byte ${position} of ${file.sizeBytes}` })
}
