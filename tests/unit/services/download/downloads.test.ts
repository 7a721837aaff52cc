// The download engine against a Hub on this computer that misbehaves, on a real models folder.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  createDownloads,
  type Download,
  type DownloadOptions,
} from '../../../../electron/services/download/downloads.ts'
import type { Clock } from '../../../../electron/services/download/types.ts'
import { endpointOf } from '../../../../electron/services/hub/endpoint.ts'
import type { HubFile } from '../../../../electron/services/hub/files.ts'
import { createHub } from '../../../../electron/services/hub/hub.ts'
import { createStore } from '../../../../electron/services/store/createStore.ts'
import type { Store } from '../../../../electron/services/store/store.ts'
import type { HubProblem } from '../../../../shared/problems.ts'
import { gitBlobId, sha256 } from '../../../hub/hubAnswer.ts'
import { type LocalFile, type LocalHub, type SeenRequest, startLocalHub } from '../../../hub/localHub.ts'

const { signal } = new AbortController()
const commit = 'c'.repeat(40)
const id = 'somebody/model'
const blockBytes = 1000
const content = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + seed * 17 + (index >> 8)) % 251)
const large: LocalFile = { name: 'model.safetensors', bytes: content(9500, 1), large: true }
const small: LocalFile = { name: 'config.json', bytes: content(700, 2), large: false }
const empty: LocalFile = { name: 'empty.txt', bytes: new Uint8Array(), large: false }

/** Time that passes when somebody waits. */
function fastClock(): Clock & { readonly waits: number[] } {
  let nowMs = 0
  const waits: number[] = []
  return {
    waits,
    now: () => nowMs,
    sleep: async (delayMs, stop) => {
      stop.throwIfAborted()
      waits.push(delayMs)
      nowMs += delayMs
      await new Promise((done) => setImmediate(done))
    },
  }
}

let folder: string
let local: LocalHub
let store: Store
let clock: ReturnType<typeof fastClock>
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-download-'))
  local = await startLocalHub({ repositories: [{ id, commit, files: [large, small, empty] }] })
  store = await createStore({ folder })
  clock = fastClock()
})
afterEach(async () => {
  await store[Symbol.asyncDispose]()
  await local[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

function engine(change: Partial<DownloadOptions> = {}): Download {
  const hub = createHub({
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers } }),
    endpoint: endpointOf({ HF_ENDPOINT: local.state.hubOrigin }),
    now: () => 0,
  })
  return createDownloads({
    hub,
    store,
    clock,
    random: () => 0.5,
    connections: () => 3,
    speedLimitBytesPerSecond: () => null,
    blockBytes,
    reserveBytes: 0,
    stallMs: 60_000,
    ...change,
  })
}
const fileOf = ({ name, bytes, large: isLarge }: LocalFile): HubFile => ({
  name,
  sizeBytes: bytes.byteLength,
  hash: isLarge ? { kind: 'sha256', hex: sha256(bytes) } : { kind: 'git-blob', hex: gitBlobId(bytes) },
})
const quiet = { onBytes: () => {}, onWait: () => {} }
const get = (file: LocalFile, download = engine(), reports: Parameters<Download>[1] = quiet, stop = signal) =>
  download({ id, commit, file: fileOf(file) }, reports, stop)
const ranges = () => local.seen.filter(({ server }) => server === 'files').map(({ headers }) => headers.range)
const isFile = ({ server }: SeenRequest) => server === 'files'
const start = (range: string | undefined) => Number(/\d+/.exec(range ?? '0')?.[0])

describe('a download', () => {
  test.each([large, small, empty])('brings the content of $name and is not repeated', async (file) => {
    const seen: number[] = []
    const blob = await get(file, engine(), { ...quiet, onBytes: (bytes) => seen.push(bytes) })
    expect(Buffer.from(readFileSync(blob.path)).equals(file.bytes)).toBe(true)
    expect(seen.at(-1) ?? 0).toBe(file.bytes.byteLength)
    const before = local.seen.length
    expect(await get(file)).toEqual(blob)
    expect(local.seen.length).toBe(before)
  })

  test('asks for exact blocks over several connections', async () => {
    await get(large)
    expect(ranges().toSorted((a, b) => start(a) - start(b))).toEqual(
      Array.from({ length: 10 }, (_, index) =>
        index === 9 ? 'bytes=9000-' : `bytes=${index * 1000}-${index * 1000 + 999}`,
      ),
    )
  })

  test('goes on where it was, whichever blocks are there', async () => {
    let left = 6
    local.fault = (request, response) => isFile(request) && --left < 0 && !!response.destroy()
    await expect(get(large, engine(), quiet)).rejects.toMatchObject({ problem: { code: 'offline' } })
    local.fault = null
    const before = ranges().length
    const blob = await get(large)
    // Two more may have been under way when the third connection gave up.
    expect(ranges().length - before).toBeGreaterThanOrEqual(4)
    expect(ranges().length - before).toBeLessThanOrEqual(6)
    expect(Buffer.from(readFileSync(blob.path)).equals(large.bytes)).toBe(true)
  })

  test('that is stopped keeps what came', async () => {
    const stop = new AbortController()
    const reports = { ...quiet, onBytes: (bytes: number) => bytes >= 4000 && stop.abort(new Error('paused')) }
    await expect(get(large, engine({ connections: () => 1 }), reports, stop.signal)).rejects.toThrow('paused')
    const before = ranges().length
    await get(large)
    // The block under way is lost.
    expect(ranges().length - before).toBeLessThanOrEqual(7)
  })

  test('is shared by all who ask for the same content, and goes on while one of them stays', async () => {
    const download = engine()
    const stop = new AbortController()
    const one = get(large, download, quiet, stop.signal)
    const two = get(large, download)
    stop.abort(new Error('changed my mind'))
    await expect(one).rejects.toThrow('changed my mind')
    expect((await two).sizeBytes).toBe(9500)
    expect(ranges()).toHaveLength(10)
  })

  test('keeps to a limit of bytes per second', async () => {
    await get(large, engine({ speedLimitBytesPerSecond: () => 1000 }))
    expect(clock.now()).toBeGreaterThanOrEqual(9000)
  })
})

describe('what goes wrong on the way', () => {
  const waits: HubProblem[] = []
  const watching = { ...quiet, onWait: ({ problem }: { readonly problem: HubProblem }) => void waits.push(problem) }
  beforeEach(() => void waits.splice(0))
  const cases: readonly (readonly [string, (request: SeenRequest, response: ServerResponse) => void])[] = [
    ['a connection that breaks', (_request, response) => void response.destroy()],
    ['an answer that ends early', (_request, response) => void response.writeHead(206, range(0, 999)).end('short')],
    ['a server that is overloaded', (_request, response) => void response.writeHead(503).end()],
    ['an answer that never comes', () => {}],
    ['an answer that stops coming', (_request, response) => void response.writeHead(206, range(0, 999)).write('x')],
  ]
  test.each(cases)('%s is waited out', async (_name, fault) => {
    let left = 2
    local.fault = (request, response) => {
      if (!isFile(request) || start(request.headers.range) !== 0 || left-- <= 0) return false
      fault(request, response)
      return true
    }
    const blob = await get(large, engine({ stallMs: 200 }), watching)
    expect(Buffer.from(readFileSync(blob.path)).equals(large.bytes)).toBe(true)
    expect(waits.length).toBeGreaterThanOrEqual(2)
  })

  test('a signed address that ran out is asked for again at once', async () => {
    let left = 2
    local.fault = (request, response) => isFile(request) && left-- > 0 && !!response.writeHead(403).end('<Error/>')
    await get(large, engine(), watching)
    expect([waits, clock.waits]).toEqual([[], []])
  })

  test('the time a Hub asks for is waited in full', async () => {
    let left = 1
    local.fault = (request, response) =>
      request.server === 'hub' &&
      left-- > 0 &&
      !!response.writeHead(429, { ratelimit: '"resolvers";r=0;t=172' }).end('{}')
    await get(large, engine({ connections: () => 1 }), watching)
    expect(clock.now()).toBeGreaterThanOrEqual(173_000)
  })

  test('a server that sends no parts is read from the first byte on', async () => {
    local.fault = (request, response) =>
      isFile(request) && !!response.writeHead(200, { 'content-length': 9500 }).end(large.bytes)
    const blob = await get(large)
    expect(Buffer.from(readFileSync(blob.path)).equals(large.bytes)).toBe(true)
  })

  test('another part than was asked for is refused', async () => {
    local.fault = (request, response) =>
      isFile(request) && !!response.writeHead(206, range(1, 1000)).end(large.bytes.subarray(1, 1001))
    await expect(get(large)).rejects.toMatchObject({ problem: { code: 'changed' } })
  })

  test('it gives up when nothing came for ten minutes', async () => {
    local.fault = (request, response) => isFile(request) && !!response.destroy()
    await expect(get(large, engine(), watching)).rejects.toMatchObject({ problem: { code: 'offline' } })
    expect(clock.now()).toBeGreaterThanOrEqual(600_000)
  })
})

describe('wrong bytes', () => {
  /** The block from `first` on comes with one bit changed. */
  const flipping = (first: number, times: number) => {
    let left = times
    local.fault = (request, response) => {
      const { range: asked } = request.headers
      if (!isFile(request) || start(asked) !== first || left-- <= 0) return false
      const part = Uint8Array.from(large.bytes.subarray(first, first + blockBytes))
      part[5] = (part[5] ?? 0) ^ 1
      return !!response.writeHead(206, range(first, first + 999)).end(part)
    }
  }

  test('in one block are found and that block is fetched again', async () => {
    flipping(3000, 1)
    const blob = await get(large)
    expect(Buffer.from(readFileSync(blob.path)).equals(large.bytes)).toBe(true)
  })

  test('that come every time are refused by name and never become content', async () => {
    flipping(3000, Infinity)
    await expect(get(large)).rejects.toMatchObject({
      problem: { code: 'wrong-bytes', file: 'somebody/model/model.safetensors', expected: sha256(large.bytes) },
    })
    expect(store.blob(fileOf(large).hash)).toBeNull()
    local.fault = null
    expect((await get(large)).sizeBytes).toBe(9500)
  })
})

describe('the disk', () => {
  test('that has no room is told with numbers before anything is asked', async () => {
    await expect(get(large, engine({ reserveBytes: 2 ** 60 }))).rejects.toMatchObject({
      problem: { code: 'disk-full', needBytes: 2 ** 60 + 9500, freeBytes: expect.any(Number) },
    })
    expect(ranges()).toEqual([])
  })

  test('that fills up ends the download with numbers, and it goes on later', async () => {
    const full = { ...store, partPaths: () => ({ part: '/dev/full', journal: join(folder, 'full.journal') }) }
    writeFileSync(join(folder, 'full.journal'), '')
    await expect(get(large, engine({ store: full }))).rejects.toMatchObject({ problem: { code: 'disk-full' } })
    expect((await get(large)).sizeBytes).toBe(9500)
  })
})

function range(first: number, last: number) {
  return { 'content-range': `bytes ${first}-${last}/9500`, 'content-length': last - first + 1 }
}
