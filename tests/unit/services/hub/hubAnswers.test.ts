// Answers that no Hub gives, and redirects that lead astray: each is refused with a reason.
import { expect, test } from 'vitest'
import type { HubFile } from '../../../../electron/services/hub/files.ts'
import type { Fault } from '../../../hub/localHub.ts'
import { answering, hubRig, older, pinned, problemOf, redirect } from '../../../support/hubRig.ts'

const { signal } = new AbortController()
const rig = hubRig()
const { download, fileNamed, hub } = rig

test.each([
  ['itself, for ever', () => `${rig.local.state.hubOrigin}/again`],
  ['a file', () => 'file:///etc/passwd'],
  ['a metadata service', () => 'http://169.254.169.254/latest/meta-data'],
  ['the local network', () => 'https://192.168.1.1/x'],
  ['a short spelling of the local network', () => 'https://0xc0a80101/x'],
  ['an unencrypted host', () => 'http://example.com/x'],
  ['a name and a password', () => 'https://me:secret@example.com/x'],
  ['nothing', () => 'http://'],
])('a redirect to %s is refused before anything is asked there', async (_name, location) => {
  rig.local.fault = (_request, response) => redirect(response, location())
  expect(await problemOf(hub(rig.local.state.token).pin('somebody/model', signal))).toMatchObject({
    code: 'unexpected',
  })
  expect(rig.local.seen.length).toBeLessThanOrEqual(6)
})

test('answers no Hub gives are refused with a reason', async () => {
  const list = async (fault: Fault) => {
    rig.local.fault = fault
    return await problemOf(hub().listFiles(pinned, signal))
  }
  expect(await list(answering('<html>login</html>', 'text/html'))).toMatchObject({
    detail: expect.stringContaining('login'),
  })
  expect(await list(answering('[{'))).toMatchObject({ detail: 'it answered broken JSON' })
  expect(await list(answering('['.repeat(1e6)))).toMatchObject({ detail: 'it answered broken JSON' })
  expect(await list(answering('{"error":1}'))).toMatchObject({ code: 'unexpected' })
  expect(await list(answering(' '.repeat(33 * 2 ** 20)))).toMatchObject({ detail: expect.stringContaining('32 MiB') })
  const elsewhere = answering('[]', undefined, () => `${rig.local.state.fileOrigin}/more`)
  expect(await list(elsewhere)).toMatchObject({ detail: 'its listing goes on at another host' })
  const loop = answering('[]', undefined, () => `${rig.local.state.hubOrigin}/api/loop`)
  expect(await list(loop)).toMatchObject({ detail: 'its listing leads back to itself' })
  let pages = 0
  const endless = answering('[]', undefined, () => `${rig.local.state.hubOrigin}/api/page?${pages++}`)
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
    rig.local.fault = answering(JSON.stringify([fine, entry]))
    expect([entry, await problemOf(hub().listFiles(pinned, signal))]).toMatchObject([entry, { code }])
  }
})

test('a file that is not the one of the listing is refused before its first byte', async () => {
  const file = await fileNamed('model-00001-of-00002.safetensors')
  const small = await fileNamed('config.json')
  const other = async (wanted: HubFile, headers: Readonly<Record<string, string>>) => {
    rig.local.fault = ({ server, url }, response) => {
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
  rig.local.fault = null
  expect(
    await problemOf(hub().openFile({ id: pinned.id, commit: older, file: small, offset: 0 }, signal)),
  ).toMatchObject({ code: 'missing' })
})

test('a range that is not the one asked for is refused', async () => {
  const file = await fileNamed('model-00001-of-00002.safetensors')
  const answered = async (status: number, headers: Readonly<Record<string, string>>) => {
    rig.local.fault = ({ server }, response) =>
      server === 'files' && response.writeHead(status, headers).end('x') !== undefined
    return await problemOf(download(file, 4000))
  }
  expect(await answered(206, { 'content-range': 'bytes 0-999/5000' })).toMatchObject({ code: 'changed' })
  expect(await answered(206, { 'content-range': 'bytes 4000-4999/*' })).toMatchObject({ code: 'changed' })
  expect(await answered(206, { 'content-type': 'multipart/byteranges; boundary=x' })).toMatchObject({ code: 'changed' })
  expect(await answered(200, { 'content-length': '1' })).toMatchObject({ code: 'changed' })
  expect(await answered(416, {})).toMatchObject({ code: 'server', status: 416 })
})
