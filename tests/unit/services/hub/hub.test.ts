// The Hub client against a Hub on this computer with the real one's manners, and with bad ones.
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endpointOf } from '../../../../electron/services/hub/endpoint.ts'
import type { HubFile } from '../../../../electron/services/hub/files.ts'
import { createHub } from '../../../../electron/services/hub/hub.ts'
import { HubError } from '../../../../electron/services/hub/problem.ts'
import type { HubFetch } from '../../../../electron/services/hub/request.ts'
import { fileCheck } from '../../../../electron/services/hub/verify.ts'
import { gitBlobId, sha256 } from '../../../hub/hubAnswer.ts'
import {
  type Fault,
  type LocalFile,
  type LocalHub,
  type LocalRepository,
  startLocalHub,
} from '../../../hub/localHub.ts'

const { signal } = new AbortController()
const commit = 'c'.repeat(40)
const older = 'a'.repeat(40)
const random = (length: number, seed: number) =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + seed * 17) % 251)
const files: readonly LocalFile[] = [
  { name: 'config.json', bytes: Buffer.from('{"model_type":"llama"}'), large: false },
  { name: 'model-00001-of-00002.safetensors', bytes: random(5000, 1), large: true },
  { name: 'model-00002-of-00002.safetensors', bytes: random(3000, 2), large: true },
  { name: 'onnx/été model.onnx', bytes: random(700, 3), large: false },
  { name: 'empty.txt', bytes: new Uint8Array(), large: false },
]
const open: LocalRepository = { id: 'somebody/model', commit, files, branches: { main: commit, 'refs/pr/7': older } }
const repositories: readonly LocalRepository[] = [
  open,
  { ...open, id: 'somebody/gated', access: 'gated' },
  { ...open, id: 'somebody/private', access: 'private' },
  { ...open, id: 'somebody/disabled', access: 'disabled' },
]

let local: LocalHub
beforeEach(async () => {
  local = await startLocalHub({ repositories })
})
afterEach(async () => await local[Symbol.asyncDispose]())

/** Nothing here may leave this computer: a request that would is a failure of its own kind. */
const left: string[] = []
const fetchLocal: HubFetch = async (url, init) => {
  if (!['127.0.0.1', 'localhost'].includes(new URL(url).hostname)) left.push(url)
  if (left.length > 0) throw new Error(`a request left this computer: ${left.join(', ')}`)
  return await fetch(url, { ...init, headers: { ...init.headers } })
}
afterEach(() => expect(left.splice(0)).toEqual([]))

function hub(token: string | null = null, now = () => 0) {
  const environment = { HF_ENDPOINT: `${local.state.hubOrigin}/`, ...(token !== null && { HF_TOKEN: token }) }
  return createHub({ fetch: fetchLocal, endpoint: endpointOf(environment), now })
}

async function problemOf(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  )
  return error instanceof HubError ? error.problem : error
}

const pinned = { id: 'somebody/model', commit }
const fileNamed = async (name: string, token: string | null = null, id = pinned.id): Promise<HubFile> => {
  const found = (await hub(token).listFiles({ id, commit }, signal)).find((file) => file.name === name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}
async function download(file: HubFile, offset = 0, token: string | null = null, id = pinned.id) {
  const opened = await hub(token).openFile({ id, commit, file, offset }, signal)
  const bytes = new Uint8Array(await new Response(opened.body).arrayBuffer())
  return { offset: opened.offset, bytes }
}

test('a name, an address and a revision become a commit', async () => {
  expect(await hub().pin('somebody/model', signal)).toEqual({ ...pinned, isGated: false, tags: ['pytorch'] })
  const page = `${local.state.hubOrigin}/somebody/model/tree/refs/pr/7`
  expect((await hub().pin(page, signal)).commit).toBe(older)
  expect(await problemOf(hub().pin('somebody/model/../x', signal))).toMatchObject({ code: 'bad-name' })
})

test('a listing is read to its last page, with the size and the hash of every file', async () => {
  const listed = await hub().listFiles(pinned, signal)
  expect(local.seen.filter(({ url }) => url.includes('/tree/')).length).toBe(2)
  expect(listed).toEqual(
    files.map(({ name, bytes, large }) => ({
      name,
      sizeBytes: bytes.byteLength,
      hash: large ? { kind: 'sha256', hex: sha256(bytes) } : { kind: 'git-blob', hex: gitBlobId(bytes) },
    })),
  )
})

test('every file comes whole and passes its check, large ones from the file server and small ones from the Hub', async () => {
  for (const { name, bytes } of files) {
    const file = await fileNamed(name)
    const got = await download(file)
    expect(got).toEqual({ offset: 0, bytes: new Uint8Array(bytes) })
    const check = fileCheck(file)
    check.update(got.bytes.subarray(0, 100))
    check.update(got.bytes.subarray(100))
    expect(check.problem()).toBe(null)
  }
  expect(local.seen.filter(({ server }) => server === 'files').length).toBe(2)
  // Compressed bytes would have neither the length nor the ranges of the file.
  const contents = local.seen.filter(({ url }) => !url.startsWith('/api/models/'))
  expect(new Set(contents.map(({ headers }) => headers['accept-encoding']))).toEqual(new Set(['identity']))
})

test('a wrong byte and a missing one do not pass the check', async () => {
  const file = await fileNamed('model-00001-of-00002.safetensors')
  const { bytes } = await download(file)
  const short = fileCheck(file)
  short.update(bytes.subarray(1))
  expect(short.problem()).toBe('expected 5000 bytes, got 4999')
  const wrong = fileCheck(file)
  wrong.update(bytes.map((byte, index) => (index === 4000 ? byte ^ 1 : byte)))
  expect(wrong.problem()).toMatch(/^expected the hash/)
})

test('a download goes on where it stopped, and from the start where ranges are ignored', async () => {
  const file = await fileNamed('model-00001-of-00002.safetensors')
  expect(await download(file, 4000)).toEqual({ offset: 4000, bytes: random(5000, 1).subarray(4000) })
  // The Hub sends small files whole.
  const small = await fileNamed('onnx/été model.onnx')
  expect(await download(small, 300)).toEqual({ offset: 0, bytes: random(700, 3) })
})

test('the token goes to the Hub and never to the file server', async () => {
  const { token } = local.state
  const file = await fileNamed('model-00001-of-00002.safetensors', token, 'somebody/gated')
  expect((await download(file, 0, token, 'somebody/gated')).bytes.byteLength).toBe(5000)
  const tokens = (server: string) =>
    new Set(local.seen.filter((request) => request.server === server).map(({ headers }) => headers.authorization))
  expect(tokens('hub')).toContain(`Bearer ${token}`)
  expect([...tokens('files')]).toEqual([undefined])
})

test('a token is not sent again after another host was visited, even back at the Hub', async () => {
  const file = await fileNamed('config.json')
  local.fault = ({ server, url }, response) => {
    if (server === 'hub' && url.includes('/resolve/')) return redirect(response, `${local.state.fileOrigin}/there`)
    if (server === 'files')
      return redirect(
        response,
        `${local.state.hubOrigin}/api/resolve-cache/models/somebody/model/${commit}/config.json`,
      )
    return false
  }
  const before = local.seen.length
  expect((await download(file, 0, local.state.token)).bytes.byteLength).toBe(file.sizeBytes)
  expect(local.seen.slice(before).map(({ headers }) => headers.authorization !== undefined)).toEqual([
    true,
    false,
    false,
  ])
})

test('refusals come by their class', async () => {
  const { token } = local.state
  const pin = (id: string, as: string | null = null) => problemOf(hub(as).pin(id, signal))
  const missing = (what: string, name: string) => ({ code: 'missing', what, name })
  expect(await pin('somebody/nothing')).toEqual(missing('repository', 'somebody/nothing'))
  expect(await pin('somebody/nothing', token)).toEqual(missing('repository', 'somebody/nothing'))
  expect(await pin('somebody/private')).toEqual(missing('repository', 'somebody/private'))
  expect(await hub(token).pin('somebody/private', signal)).toMatchObject({ commit })
  expect(await pin('somebody/model', 'hf_wrong')).toEqual({ code: 'token-refused', name: 'somebody/model' })
  expect(await pin('somebody/disabled')).toEqual({ code: 'disabled', name: 'somebody/disabled' })
  const branch = `${local.state.hubOrigin}/somebody/model/tree/nowhere`
  expect(await pin(branch)).toEqual(missing('revision', 'somebody/model'))
  const file = await fileNamed('config.json')
  const gated = problemOf(hub().openFile({ id: 'somebody/gated', commit, file, offset: 0 }, signal))
  expect(await gated).toEqual({ code: 'gated', name: 'somebody/gated/config.json', withToken: false })
  const gone = problemOf(hub().openFile({ ...pinned, file: { ...file, name: 'gone.json' }, offset: 0 }, signal))
  expect(await gone).toEqual(missing('file', 'somebody/model/gone.json'))
})

test('a small file is read whole, and only with the hash of the listing', async () => {
  const file = await fileNamed('config.json')
  const read = (more: Partial<HubFile> = {}, maximumBytes = 100) =>
    hub().readFile({ ...pinned, file: { ...file, ...more } }, maximumBytes, signal)
  expect(await read()).toEqual(new Uint8Array(files[0]?.bytes ?? []))
  expect(await problemOf(read({}, 10))).toMatchObject({ code: 'unexpected' })
  const body = async (text: string) => {
    local.fault = ({ url }, response) =>
      url.includes('resolve-cache') && response.writeHead(200).end(text) !== undefined
    return await problemOf(read())
  }
  expect(await body('{"model_type":"llamb"}')).toMatchObject({
    code: 'changed',
    detail: expect.stringContaining('hash'),
  })
  expect(await body('{"model_type":"lla')).toMatchObject({ code: 'changed', detail: 'expected 22 bytes, got 18' })
  expect(await body(' '.repeat(100_000))).toMatchObject({
    code: 'changed',
    detail: expect.stringContaining('expected 22 bytes'),
  })
  local.fault = ({ url }, response) => {
    if (!url.includes('resolve-cache')) return false
    response.writeHead(200, { 'content-length': 22 }).write('{')
    setImmediate(() => response.socket?.destroy())
    return true
  }
  expect(await problemOf(read())).toMatchObject({ code: 'offline' })
})

test('a commit that was asked for is the commit that is pinned', async () => {
  const page = (revision: string) => `${local.state.hubOrigin}/somebody/model/tree/${revision}`
  expect(await hub().pin(page(commit), signal)).toMatchObject({ commit })
  local.fault = answering(JSON.stringify({ id: 'somebody/model', sha: older }))
  expect(await problemOf(hub().pin(page(commit), signal))).toMatchObject({ code: 'changed' })
})

test('a rate limit says how long to wait', async () => {
  local.state.requestsLeft = 0
  expect(await problemOf(hub().pin('somebody/model', signal))).toEqual({ code: 'rate-limited', retryAfterSeconds: 42 })
  const withHeader = async (header: string | null, now = 0) => {
    local.fault = (_request, response) => {
      if (header !== null) response.setHeader('retry-after', header)
      response.writeHead(429).end()
      return true
    }
    return await problemOf(hub(null, () => now).pin('somebody/model', signal))
  }
  const wait = (retryAfterSeconds: number | null) => ({ code: 'rate-limited', retryAfterSeconds })
  expect(await withHeader('7')).toEqual(wait(7))
  expect(await withHeader('Thu, 01 Jan 2026 00:01:00 GMT', Date.UTC(2026, 0, 1))).toEqual(wait(60))
  expect(await withHeader('Thu, 01 Jan 2026 00:00:00 GMT', Date.UTC(2026, 0, 2))).toEqual(wait(0))
  expect(await withHeader('99999999')).toEqual(wait(3600))
  expect(await withHeader('soon')).toEqual(wait(null))
  expect(await withHeader(null)).toEqual(wait(null))
})

test('no connection, a reset and a server in trouble are told apart', async () => {
  const pin = () => problemOf(hub().pin('somebody/model', signal))
  local.fault = (_request, response) => response.writeHead(503).end() !== undefined
  expect(await pin()).toEqual({ code: 'server', host: new URL(local.state.hubOrigin).host, status: 503 })
  local.fault = (_request, response) => response.socket?.destroy() !== undefined
  expect(await pin()).toMatchObject({ code: 'offline' })
  local.fault = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 }).write('{"id":')
    setImmediate(() => response.socket?.destroy())
    return true
  }
  expect(await pin()).toMatchObject({ code: 'offline' })
  await local[Symbol.asyncDispose]()
  expect(await pin()).toMatchObject({ code: 'offline', detail: 'ECONNREFUSED' })
})

test('an abort ends a request with its own reason', async () => {
  const controller = new AbortController()
  local.fault = () => {
    controller.abort(new Error('enough'))
    return true
  }
  await expect(hub().pin('somebody/model', controller.signal)).rejects.toThrow('enough')
})

test('an expired link of the file server is told from a refusal of the Hub', async () => {
  const file = await fileNamed('model-00001-of-00002.safetensors')
  local.fault = ({ server }, response) => server === 'files' && response.writeHead(403).end('<Error/>') !== undefined
  expect(await problemOf(download(file))).toEqual({
    code: 'link-expired',
    name: 'somebody/model/model-00001-of-00002.safetensors',
  })
})

function redirect(response: ServerResponse, location: string): true {
  response.writeHead(302, { location }).end()
  return true
}

test.each([
  ['itself, for ever', () => `${local.state.hubOrigin}/again`],
  ['a file', () => 'file:///etc/passwd'],
  ['a metadata service', () => 'http://169.254.169.254/latest/meta-data'],
  ['the local network', () => 'https://192.168.1.1/x'],
  ['a short spelling of the local network', () => 'https://0xc0a80101/x'],
  ['an unencrypted host', () => 'http://example.com/x'],
  ['a name and a password', () => 'https://me:secret@example.com/x'],
  ['nothing', () => 'http://'],
])('a redirect to %s is refused before anything is asked there', async (_name, location) => {
  local.fault = (_request, response) => redirect(response, location())
  expect(await problemOf(hub(local.state.token).pin('somebody/model', signal))).toMatchObject({ code: 'unexpected' })
  expect(local.seen.length).toBeLessThanOrEqual(6)
})

const answering =
  (body: string, type = 'application/json', link?: () => string): Fault =>
  (_request, response) => {
    if (link !== undefined) response.setHeader('link', `<${link()}>; rel="next"`)
    response.writeHead(200, { 'content-type': type }).end(body)
    return true
  }

test('answers no Hub gives are refused with a reason', async () => {
  const list = async (fault: Fault) => {
    local.fault = fault
    return await problemOf(hub().listFiles(pinned, signal))
  }
  expect(await list(answering('<html>login</html>', 'text/html'))).toMatchObject({
    detail: expect.stringContaining('login'),
  })
  expect(await list(answering('[{'))).toMatchObject({ detail: 'it answered broken JSON' })
  expect(await list(answering('['.repeat(1e6)))).toMatchObject({ detail: 'it answered broken JSON' })
  expect(await list(answering('{"error":1}'))).toMatchObject({ code: 'unexpected' })
  expect(await list(answering(' '.repeat(33 * 2 ** 20)))).toMatchObject({ detail: expect.stringContaining('32 MiB') })
  const elsewhere = answering('[]', undefined, () => `${local.state.fileOrigin}/more`)
  expect(await list(elsewhere)).toMatchObject({ detail: 'its listing goes on at another host' })
  const loop = answering('[]', undefined, () => `${local.state.hubOrigin}/api/loop`)
  expect(await list(loop)).toMatchObject({ detail: 'its listing leads back to itself' })
  let pages = 0
  const endless = answering('[]', undefined, () => `${local.state.hubOrigin}/api/page?${pages++}`)
  expect(await list(endless)).toMatchObject({ detail: 'its listing has more than 1000 pages' })
})

test('one bad entry refuses the listing', async () => {
  const fine = { type: 'file', path: 'a', size: 1, oid: 'a'.repeat(40) }
  const cases = [
    [{ ...fine, path: '../../etc/passwd' }, 'bad-name'],
    [{ ...fine, path: 'C:\\x' }, 'bad-name'],
    [{ ...fine, path: 'A' }, 'bad-name'],
    [{ ...fine, path: 'b', oid: '../../../../x' }, 'unexpected'],
    [{ ...fine, path: 'b', lfs: { oid: '../../../../x', size: 1, pointerSize: 1 } }, 'unexpected'],
    [{ ...fine, path: 'b', lfs: { oid: 'a'.repeat(64), size: 2, pointerSize: 1 } }, 'unexpected'],
    [{ ...fine, path: 'b', size: -1 }, 'unexpected'],
    [{ ...fine, path: 'b', size: 2 ** 60 }, 'unexpected'],
    [{ ...fine, path: 'b', type: 'symlink' }, 'unexpected'],
  ] as const
  for (const [entry, code] of cases) {
    local.fault = answering(JSON.stringify([fine, entry]))
    expect([entry, await problemOf(hub().listFiles(pinned, signal))]).toMatchObject([entry, { code }])
  }
})

test('a file that is not the one of the listing is refused before its first byte', async () => {
  const file = await fileNamed('model-00001-of-00002.safetensors')
  const small = await fileNamed('config.json')
  const other = async (wanted: HubFile, headers: Readonly<Record<string, string>>) => {
    local.fault = ({ server, url }, response) => {
      if (server === 'hub' && url.includes('/resolve'))
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
      if (server === 'files' || wanted.hash.kind === 'sha256' || !url.includes('resolve-cache')) return false
      response.writeHead(200).end()
      return true
    }
    return await problemOf(download(wanted))
  }
  expect(await problemOf(download({ ...file, sizeBytes: 4999 }))).toMatchObject({
    code: 'changed',
    detail: expect.stringContaining('x-linked-size'),
  })
  const hash = { kind: 'sha256', hex: '0'.repeat(64) } as const
  expect(await problemOf(download({ ...file, hash }))).toMatchObject({
    code: 'changed',
    detail: expect.stringContaining('x-linked-etag'),
  })
  expect(await other(small, { etag: `"${'0'.repeat(40)}"` })).toMatchObject({
    code: 'changed',
    detail: expect.stringContaining('etag'),
  })
  local.fault = null
  expect(
    await problemOf(hub().openFile({ id: pinned.id, commit: older, file: small, offset: 0 }, signal)),
  ).toMatchObject({ code: 'missing' })
})

test('a range that is not the one asked for is refused', async () => {
  const file = await fileNamed('model-00001-of-00002.safetensors')
  const answered = async (status: number, headers: Readonly<Record<string, string>>) => {
    local.fault = ({ server }, response) =>
      server === 'files' && response.writeHead(status, headers).end('x') !== undefined
    return await problemOf(download(file, 4000))
  }
  expect(await answered(206, { 'content-range': 'bytes 0-999/5000' })).toMatchObject({ code: 'changed' })
  expect(await answered(206, { 'content-range': 'bytes 4000-4999/*' })).toMatchObject({ code: 'changed' })
  expect(await answered(206, { 'content-type': 'multipart/byteranges; boundary=x' })).toMatchObject({ code: 'changed' })
  expect(await answered(200, { 'content-length': '1' })).toMatchObject({ code: 'changed' })
  expect(await answered(416, {})).toMatchObject({ code: 'server', status: 416 })
})
