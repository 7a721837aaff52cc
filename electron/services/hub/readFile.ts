// A small file of a repository as a whole: configurations, tokenizers, cards. Nothing is handed over before its hash is that of the listing.
import type { Endpoint } from './endpoint.ts'
import { type FileRequest, openFile } from './openFile.ts'
import { HubError } from './problem.ts'
import { type HubFetch, reasonOf } from './request.ts'
import { fileCheck } from './verify.ts'

/** Rejects with HubError: changed where the bytes are not those of the listing, unexpected where the file is larger than `maximumBytes`. */
export async function readFile(
  hub: { readonly fetch: HubFetch; readonly endpoint: Endpoint; readonly now: () => number },
  { id, commit, file, maximumBytes }: Omit<FileRequest, 'offset'> & { readonly maximumBytes: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { host } = new URL(hub.endpoint.origin)
  const name = `${id}/${file.name}`
  if (file.sizeBytes > maximumBytes) {
    const detail = `${name} has ${file.sizeBytes} bytes, expected at most ${maximumBytes}`
    throw new HubError({ code: 'unexpected', host, detail })
  }
  const { body } = await openFile(hub, { id, commit, file, offset: 0 }, signal)
  const check = fileCheck(file)
  const bytes = new Uint8Array(file.sizeBytes)
  let length = 0
  try {
    for await (const chunk of body) {
      check.update(chunk)
      // Of a body that goes on too long the first chunk too many is enough to know.
      if (length + chunk.byteLength > bytes.byteLength) break
      bytes.set(chunk, length)
      length += chunk.byteLength
    }
  } catch (cause) {
    signal.throwIfAborted()
    // Switched off here, not cut off there.
    if (cause instanceof HubError) throw cause
    throw new HubError({ code: 'offline', host, detail: reasonOf(cause) }, { cause })
  }
  const problem = check.problem()
  if (problem !== null) throw new HubError({ code: 'changed', name, detail: problem })
  return bytes
}
