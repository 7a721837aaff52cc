// Parts of files from a Hub: exactly the bytes that were asked for, whatever the file server sends around them, or an error.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endpointOf } from '../../../../electron/services/hub/endpoint.ts'
import { createHub, type Hub } from '../../../../electron/services/hub/hub.ts'
import { HubError } from '../../../../electron/services/hub/problem.ts'
import { readRange } from '../../../../electron/services/hub/readRange.ts'
import { type LocalHub, startLocalHub } from '../../../hub/localHub.ts'

const { signal } = new AbortController()
const commit = 'c'.repeat(40)
const bytes = Uint8Array.from({ length: 6_000_000 }, (_, index) => (index * 31) % 251)

let local: LocalHub
let hub: Hub
beforeEach(async () => {
  const files = [{ name: 'model.safetensors', bytes, large: true }]
  local = await startLocalHub({ repositories: [{ id: 'somebody/model', commit, files }] })
  const endpoint = endpointOf({ HF_ENDPOINT: local.state.hubOrigin })
  hub = createHub({ fetch: (url, init) => fetch(url, init), endpoint, now: () => 0 })
})
afterEach(async () => await local[Symbol.asyncDispose]())

async function read(offset: number, length: number) {
  const [file] = await hub.listFiles({ id: 'somebody/model', commit }, signal)
  if (file === undefined) throw new Error('no file')
  return await readRange(hub, { id: 'somebody/model', commit, file, offset }, length, signal)
}

test.each([
  [0, 8],
  [8, 70_000],
  [5_999_000, 1000],
  [1, 1],
])('from byte %i, %i bytes', async (offset, length) => {
  expect(await read(offset, length)).toEqual(bytes.slice(offset, offset + length))
  const [asked] = local.seen.filter(({ server }) => server === 'files')
  // The last part needs no end.
  const last = offset + length === bytes.length ? '' : offset + length - 1
  expect(asked?.headers.range).toBe(`bytes=${offset}-${last}`)
})

test('a file server that ignores ranges is read from the start where that is near, and given up where it is far', async () => {
  local.fault = ({ server }, response) => {
    if (server !== 'files') return false
    response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
    return true
  }
  expect(await read(3_000_000, 100)).toEqual(bytes.slice(3_000_000, 3_000_100))
  await expect(read(5_000_000, 100)).rejects.toThrow('the file server sends no parts of files')
})

test('an answer that ends before the part does is an error', async () => {
  local.fault = ({ server, headers }, response) => {
    if (server !== 'files') return false
    const [, asked] = /^bytes=(\d+-\d+)$/.exec(headers.range ?? '') ?? []
    response.writeHead(206, { 'content-range': `bytes ${asked}/${bytes.length}` })
    response.end(bytes.subarray(0, 50))
    return true
  }
  await expect(read(1000, 100)).rejects.toBeInstanceOf(HubError)
})
