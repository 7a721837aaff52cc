// The Hub client against a Hub on this computer with the real one's manners, and its refusals.
import { expect, test } from 'vitest'
import type { HubFile } from '../../../../electron/services/hub/files.ts'
import { fileCheck } from '../../../../electron/services/hub/verify.ts'
import { gitBlobId, sha256 } from '../../../hub/hubAnswer.ts'
import {
  answering,
  commit,
  files,
  hubRig,
  older,
  pinned,
  problemOf,
  random,
  redirect,
} from '../../../support/hubRig.ts'

const { signal } = new AbortController()
const rig = hubRig()
const { download, fileNamed, hub } = rig

test('a name, an address and a revision become a commit', async () => {
  expect(await hub().pin('somebody/model', signal)).toEqual({ ...pinned, isGated: false, tags: ['pytorch'] })
  const page = `${rig.local.state.hubOrigin}/somebody/model/tree/refs/pr/7`
  expect((await hub().pin(page, signal)).commit).toBe(older)
  expect(await problemOf(hub().pin('somebody/model/../x', signal))).toMatchObject({ code: 'bad-name' })
})

test('a listing is read to its last page, with the size and the hash of every file', async () => {
  const listed = await hub().listFiles(pinned, signal)
  expect(rig.local.seen.filter(({ url }) => url.includes('/tree/')).length).toBe(2)
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
  expect(rig.local.seen.filter(({ server }) => server === 'files').length).toBe(2)
  // Compressed bytes would have neither the length nor the ranges of the file.
  const contents = rig.local.seen.filter(({ url }) => !url.startsWith('/api/models/'))
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
  const { token } = rig.local.state
  const file = await fileNamed('model-00001-of-00002.safetensors', token, 'somebody/gated')
  expect((await download(file, 0, token, 'somebody/gated')).bytes.byteLength).toBe(5000)
  const tokens = (server: string) =>
    new Set(rig.local.seen.filter((request) => request.server === server).map(({ headers }) => headers.authorization))
  expect(tokens('hub')).toContain(`Bearer ${token}`)
  expect([...tokens('files')]).toEqual([undefined])
})

test('a token is not sent again after another host was visited, even back at the Hub', async () => {
  const file = await fileNamed('config.json')
  rig.local.fault = ({ server, url }, response) => {
    if (server === 'hub' && url.includes('/resolve/')) return redirect(response, `${rig.local.state.fileOrigin}/there`)
    if (server === 'files')
      return redirect(
        response,
        `${rig.local.state.hubOrigin}/api/resolve-cache/models/somebody/model/${commit}/config.json`,
      )
    return false
  }
  const before = rig.local.seen.length
  expect((await download(file, 0, rig.local.state.token)).bytes.byteLength).toBe(file.sizeBytes)
  expect(rig.local.seen.slice(before).map(({ headers }) => headers.authorization !== undefined)).toEqual([
    true,
    false,
    false,
  ])
})

test('refusals come by their class', async () => {
  const { token } = rig.local.state
  const pin = (id: string, as: string | null = null) => problemOf(hub(as).pin(id, signal))
  const missing = (what: string, name: string) => ({ code: 'missing', what, name })
  expect(await pin('somebody/nothing')).toEqual(missing('repository', 'somebody/nothing'))
  expect(await pin('somebody/nothing', token)).toEqual(missing('repository', 'somebody/nothing'))
  expect(await pin('somebody/private')).toEqual(missing('repository', 'somebody/private'))
  expect(await hub(token).pin('somebody/private', signal)).toMatchObject({ commit })
  expect(await pin('somebody/model', 'hf_wrong')).toEqual({ code: 'token-refused', name: 'somebody/model' })
  expect(await pin('somebody/disabled')).toEqual({ code: 'disabled', name: 'somebody/disabled' })
  const branch = `${rig.local.state.hubOrigin}/somebody/model/tree/nowhere`
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
    rig.local.fault = ({ url }, response) =>
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
  rig.local.fault = ({ url }, response) => {
    if (!url.includes('resolve-cache')) return false
    response.writeHead(200, { 'content-length': 22 }).write('{')
    setImmediate(() => response.socket?.destroy())
    return true
  }
  expect(await problemOf(read())).toMatchObject({ code: 'offline' })
})

test('a commit that was asked for is the commit that is pinned', async () => {
  const page = (revision: string) => `${rig.local.state.hubOrigin}/somebody/model/tree/${revision}`
  expect(await hub().pin(page(commit), signal)).toMatchObject({ commit })
  rig.local.fault = answering(JSON.stringify({ id: 'somebody/model', sha: older }))
  expect(await problemOf(hub().pin(page(commit), signal))).toMatchObject({ code: 'changed' })
})

test('a rate limit says how long to wait', async () => {
  rig.local.state.requestsLeft = 0
  expect(await problemOf(hub().pin('somebody/model', signal))).toEqual({ code: 'rate-limited', retryAfterSeconds: 42 })
  const withHeader = async (header: string | null, now = 0) => {
    rig.local.fault = (_request, response) => {
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
  rig.local.fault = (_request, response) => response.writeHead(503).end() !== undefined
  expect(await pin()).toEqual({ code: 'server', host: new URL(rig.local.state.hubOrigin).host, status: 503 })
  rig.local.fault = (_request, response) => response.socket?.destroy() !== undefined
  expect(await pin()).toMatchObject({ code: 'offline' })
  rig.local.fault = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 }).write('{"id":')
    setImmediate(() => response.socket?.destroy())
    return true
  }
  expect(await pin()).toMatchObject({ code: 'offline' })
  await rig.local[Symbol.asyncDispose]()
  expect(await pin()).toMatchObject({ code: 'offline', detail: 'ECONNREFUSED' })
})

test('an abort ends a request with its own reason', async () => {
  const controller = new AbortController()
  rig.local.fault = () => {
    controller.abort(new Error('enough'))
    return true
  }
  await expect(hub().pin('somebody/model', controller.signal)).rejects.toThrow('enough')
})

test('an expired link of the file server is told from a refusal of the Hub', async () => {
  const file = await fileNamed('model-00001-of-00002.safetensors')
  rig.local.fault = ({ server }, response) =>
    server === 'files' && response.writeHead(403).end('<Error/>') !== undefined
  expect(await problemOf(download(file))).toEqual({
    code: 'link-expired',
    name: 'somebody/model/model-00001-of-00002.safetensors',
  })
})
