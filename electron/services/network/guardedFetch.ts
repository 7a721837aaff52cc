// The one door to the network: refuses everything while the switch is off, closes what is open when it is turned off, and writes each request into the
// ledger before it leaves.
import type { Endpoint } from '../hub/endpoint.ts'
import { HubError } from '../hub/problem.ts'
import { type HubFetch, reasonOf } from '../hub/request.ts'
import type { Ledger } from './ledger.ts'
import { purposeOf, shownPath } from './purpose.ts'

export interface GuardParts {
  readonly fetch: HubFetch
  readonly ledger: Pick<Ledger, 'begin' | 'end'>
  readonly endpoint: () => Pick<Endpoint, 'origin' | 'base'>
  /** Aborted while no request may be made; another one once they may be again. */
  readonly offline: () => AbortSignal
  /** Milliseconds since 1970. */
  readonly now: () => number
}

type Init = Parameters<HubFetch>[1]

/** Rejects with HubError switched-off, with the signal's reason, or with what `fetch` rejects with. */
export function guardedFetch({ fetch, ledger, endpoint, offline, now }: GuardParts): HubFetch {
  return async (address, init) => {
    const { host } = new URL(address)
    const off = offline()
    if (off.aborted) throw switchedOff(host)
    init.signal.throwIfAborted()
    const startedAtMs = now()
    const id = ledger.begin({
      startedAtMs,
      method: init.method,
      host,
      path: shownPath(address),
      purpose: purposeOf(address, endpoint()),
      withToken: 'authorization' in init.headers,
    })
    let status: number | null = null
    let receivedBytes = 0
    const end = (problem: string | null) =>
      ledger.end(id, { status, receivedBytes, durationMs: now() - startedAtMs, problem })
    /** What happened, to those who wait and to the ledger. */
    const failed = (error: unknown): unknown => {
      const seen = off.aborted && !init.signal.aborted ? switchedOff(host) : error
      end(init.signal.aborted ? 'stopped here' : reasonOf(seen))
      return seen
    }
    try {
      const signal = AbortSignal.any([init.signal, off])
      const response = await fetch(address, { ...init, signal } satisfies Init)
      status = response.status
      if (response.body === null) {
        end(null)
        return response
      }
      const isWhole = () => receivedBytes === Number(response.headers.get('content-length') ?? Number.NaN)
      const body = counted(response.body, {
        onBytes: (bytes) => {
          receivedBytes += bytes
        },
        onEnd: () => end(null),
        // Nobody reads what stands below a redirect or a refusal, and who knows how many bytes come leaves after the last.
        onCancel: () => end(response.ok && !isWhole() ? 'stopped here' : null),
        failed,
      })
      return new Response(body, { status, statusText: response.statusText, headers: response.headers })
    } catch (error) {
      throw failed(error)
    }
  }
}

interface Watcher {
  readonly onBytes: (bytes: number) => void
  readonly onEnd: () => void
  readonly onCancel: () => void
  readonly failed: (error: unknown) => unknown
}

/** The same bytes; nothing is read ahead of who reads it. */
function counted(body: ReadableStream<Uint8Array>, { onBytes, onEnd, onCancel, failed }: Watcher) {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (done) {
            onEnd()
            controller.close()
          } else {
            onBytes(value.byteLength)
            controller.enqueue(value)
          }
        } catch (error) {
          controller.error(failed(error))
        }
      },
      async cancel(reason) {
        onCancel()
        await reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}

function switchedOff(host: string): HubError {
  return new HubError({ code: 'switched-off', host })
}
