// JSON from the Hub: bounded, and told from the login page of a network that wants one.
import type { z } from 'zod'
import { HubError } from './problem.ts'
import { reasonOf } from './request.ts'

const maximumBytes = 32 * 2 ** 20

/** The decoded body. Rejects with HubError unexpected or offline, or with the signal's reason. */
export async function readJson<T>(
  response: Response,
  host: string,
  decoder: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  const unexpected = (detail: string, cause?: unknown) => new HubError({ code: 'unexpected', host, detail }, { cause })
  const type = response.headers.get('content-type') ?? ''
  if (!type.includes('json')) {
    await response.body?.cancel()
    throw unexpected(
      `it answered ${type.split(';')[0] || 'something'} where JSON was expected; does this network want a login?`,
    )
  }
  const text = await readText(response, host, signal)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw unexpected('it answered broken JSON', cause)
  }
  const decoded = decoder.safeParse(value)
  if (decoded.success) return decoded.data
  const [issue] = decoded.error.issues
  throw unexpected(`its answer has an unexpected ${issue?.path.join('.') || 'form'}`, decoded.error)
}

/** Counts what comes out of decompression, so that a small answer cannot grow without end. */
async function readText(response: Response, host: string, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  const tooLong = `its answer is longer than ${maximumBytes / 2 ** 20} MiB`
  try {
    for await (const chunk of response.body ?? []) {
      sizeBytes += chunk.byteLength
      if (sizeBytes > maximumBytes) throw new HubError({ code: 'unexpected', host, detail: tooLong })
      chunks.push(chunk)
    }
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof HubError) throw cause
    throw new HubError({ code: 'offline', host, detail: reasonOf(cause) }, { cause })
  }
  return Buffer.concat(chunks).toString('utf8')
}
