// What a fault is: something that a Hub, a network or a computer does wrong, with what must come of it. A kind has variants; a seed draws the numbers.
import type { ServerResponse } from 'node:http'
import type { Clock } from '../../../electron/services/download/types.ts'
import type { HubFetch } from '../../../electron/services/hub/request.ts'
import type { BlobStore } from '../../../electron/services/store/store.ts'
import type { ServiceProblem } from '../../../shared/problems.ts'
import type { Fault, LocalHub, SeenRequest } from '../localHub.ts'
import { model } from './repository.ts'

/** What stands between the engine and the world; a fault replaces some of it. */
export interface FaultRig {
  readonly local: LocalHub
  readonly random: () => number
  /** Real milliseconds of silence that the engine bears. */
  stallMs: number
  fetch: HubFetch
  clock: Clock
  store: BlobStore
  speedLimitBytesPerSecond: number | null
  /** A folder of the case's own, outside the store. */
  readonly folder: string
  readonly storeFolder: string
  /** Installs the repository: pins, lists, downloads every file. */
  pull(signal: AbortSignal): Promise<void>
  /** Runs when the case is over. */
  readonly cleanUp: (() => unknown)[]
}

export type Expected = 'succeeds' | ServiceProblem['code']

export interface FaultVariant {
  readonly name: string
  readonly expected: Expected
  install(rig: FaultRig): void | Promise<void>
  /** In place of one pull. */
  readonly run?: (rig: FaultRig, signal: AbortSignal) => Promise<void>
  /** Afterwards, beside the content. Throws. */
  readonly check?: (rig: FaultRig) => void
}

export interface FaultKind {
  readonly number: number
  readonly name: string
  readonly variants: readonly FaultVariant[]
}

export const isContent = ({ server }: SeenRequest): boolean => server === 'files'
export const isListing = ({ url }: SeenRequest): boolean => url.includes('/tree/')
export const isResolve = ({ server, url }: SeenRequest): boolean => server === 'hub' && url.includes('/resolve')
export const isModel = ({ url }: SeenRequest): boolean => url.includes(model.name)

export type Answer = (request: SeenRequest, response: ServerResponse) => unknown

/** Answers in place of the server to the first `times` requests that match. */
export function misbehave(
  rig: FaultRig,
  matches: (request: SeenRequest) => boolean,
  answer: Answer,
  times = Number.POSITIVE_INFINITY,
): void {
  let left = times
  const before: Fault | null = rig.local.fault
  rig.local.fault = (request, response) => {
    if (!matches(request) || left <= 0) return before?.(request, response) ?? false
    left--
    answer(request, response)
    return true
  }
}

/** Adds headers to what the server answers anyway. */
export function addHeaders(
  rig: FaultRig,
  matches: (request: SeenRequest) => boolean,
  headers: Readonly<Record<string, string>>,
): void {
  rig.local.fault = (request, response) => {
    if (matches(request)) {
      const setHeader = response.setHeader.bind(response)
      // The server's own value must not win.
      response.setHeader = (name, value) => setHeader(name, headers[name.toLowerCase()] ?? value)
      for (const [name, value] of Object.entries(headers)) setHeader(name, value)
    }
    return false
  }
}

/** Some number from `low` to `high`, both included. */
export function between({ random }: Pick<FaultRig, 'random'>, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1))
}

export interface AskedBytes {
  readonly first: number
  readonly last: number
  readonly bytes: Uint8Array
  readonly headers: { readonly 'content-range': string }
}

/** The part of the large file that a request asks for. */
export function asked({ headers }: Pick<SeenRequest, 'headers'>): AskedBytes {
  const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
  const size = model.bytes.byteLength
  const range = { first: Number(first), last: last === '' ? size - 1 : Number(last) }
  return {
    ...range,
    bytes: model.bytes.subarray(range.first, range.last + 1),
    headers: { 'content-range': `bytes ${range.first}-${range.last}/${size}` },
  }
}

export function reset(response: ServerResponse): void {
  const { socket } = response
  if (socket !== null && 'resetAndDestroy' in socket) socket.resetAndDestroy()
}

/** Writes to the connection past HTTP. */
export function raw(response: ServerResponse, text: string | Uint8Array): void {
  response.socket?.end(text)
}
