// The two protocols in real Electron: what is installed can be read, and no spelling of an address leads anywhere else.
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ModelManifest, manifestFileName } from '../../shared/model.ts'
import { launchApp, type RunningApp, temporaryFolder } from '../support/electronApp.ts'
import { modelManifestOf } from '../support/installedModel.ts'

const content = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 31 + (index >> 8)) & 0xff)
const home = temporaryFolder()
let running: RunningApp
let key: string

beforeAll(async () => {
  const folder = join(home, 'models', 'example', 'readable')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'weights.bin'), content)
  writeFileSync(join(home, 'secret.txt'), 'SECRET')
  symlinkSync(join(home, 'secret.txt'), join(folder, 'link.bin'))
  const manifest: ModelManifest = modelManifestOf('example/readable', [
    { name: 'weights.bin', sizeBytes: content.length, sha256: createHash('sha256').update(content).digest('hex') },
    { name: 'link.bin', sizeBytes: 6, sha256: createHash('sha256').update('SECRET').digest('hex') },
  ])
  const json = JSON.stringify(manifest)
  key = createHash('sha256').update(json).digest('hex')
  writeFileSync(join(folder, manifestFileName), json)
  running = await launchApp({ home })
})

afterAll(async () => {
  await running[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
})

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly sha256: string
  readonly sizeBytes: number
}

/** What fetch in the page gets; a text where it fails. */
function ask(
  address: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer | string> {
  return running.page.evaluate(
    async ([url, options]) => {
      try {
        const response = await fetch(url, options)
        const bytes = new Uint8Array(await response.arrayBuffer())
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
        const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
        return {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          sha256,
          sizeBytes: bytes.length,
        }
      } catch {
        return 'failed'
      }
    },
    [address, init] as const,
  )
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const model = (rest: string) => `hearth-model://store/m/${rest}`

describe('hearth-model:', () => {
  test('gives a whole file', async () => {
    expect(await ask(model(`${key}/0`))).toMatchObject({
      status: 200,
      sha256: digest(content),
      headers: { 'content-length': String(content.length), 'content-type': 'application/octet-stream' },
    })
  })

  test.each([
    ['bytes=0-0', 0, 1],
    ['bytes=1000000-2000000', 1_000_000, 2_000_001],
    ['bytes=2999999-', 2_999_999, 3_000_000],
    ['bytes=-5', 2_999_995, 3_000_000],
  ])('gives the range %s', async (range, start, end) => {
    expect(await ask(model(`${key}/0`), { headers: { range } })).toMatchObject({
      status: 206,
      sha256: digest(content.subarray(start, end)),
    })
  })

  test.each([
    'bytes=0-3000000',
    'bytes=5-1',
    'bytes=0-1,4-5',
    'bytes=a-b',
    'bytes=-',
    'bytes=-3000001',
    'bits=0-1',
    'bytes=0-1e3',
    'bytes=9999999999999999-',
  ])('refuses the range %s', async (range) => {
    expect(await ask(model(`${key}/0`), { headers: { range } })).toMatchObject({ status: 416, sizeBytes: 0 })
  })

  test('tells the size without the content', async () => {
    expect(await ask(model(`${key}/0`), { method: 'HEAD' })).toMatchObject({ status: 200, sizeBytes: 0 })
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s', async (method) => {
    const answer = await ask(model(`${key}/0`), { method })
    expect(typeof answer === 'string' ? answer : answer.status).toEqual(
      expect.toSatisfy((value) => value === 405 || value === 'failed'),
    )
  })

  test('does not follow a link out of the store', async () => {
    expect(await ask(model(`${key}/1`))).toMatchObject({ status: 404, sizeBytes: 0 })
  })

  test.each([
    ['another index', (k: string) => model(`${k}/2`)],
    ['an index with a sign', (k: string) => model(`${k}/-1`)],
    ['an index with a leading zero', (k: string) => model(`${k}/00`)],
    ['six digits', (k: string) => model(`${k}/100000`)],
    ['no index', (k: string) => model(k)],
    ['more after the index', (k: string) => model(`${k}/0/x`)],
    ['a query', (k: string) => model(`${k}/0?x=1`)],
    ['an upper-case key', (k: string) => model(`${k.toUpperCase()}/0`)],
    ['a short key', (k: string) => model(`${k.slice(1)}/0`)],
    ['a name', (k: string) => model(`${k}/weights.bin`)],
    ['encoded dots', (k: string) => model(`${k}/..%2f..%2f..%2fsecret.txt`)],
    ['encoded backslashes', (k: string) => model(`${k}/..%5c..%5csecret.txt`)],
    ['dots encoded twice', (k: string) => model(`${k}/%252e%252e/secret.txt`)],
    ['dots', (k: string) => model(`${k}/../../../secret.txt`)],
    ['half-encoded dots', (k: string) => model(`${k}/%2e%2e/%2e%2e/secret.txt`)],
    ['four dots', (k: string) => model(`${k}/....//secret.txt`)],
    ['a NUL', (k: string) => model(`${k}/0%00`)],
    ['a drive', (k: string) => model(`${k}/C:/secret.txt`)],
    ['an absolute path', () => 'hearth-model://store//etc/passwd'],
    ['another host', (k: string) => `hearth-model://other/m/${k}/0`],
  ])('does not know %s', async (_name, address) => {
    const answer = await ask(address(key))
    expect(typeof answer === 'string' ? 404 : [answer.status, answer.sizeBytes]).toEqual(
      typeof answer === 'string' ? 404 : [404, 0],
    )
  })
})

describe('hearth-weights:', () => {
  const weights = (rest: string) => `hearth-weights://store/m/${rest}`

  test.each([
    ['bytes=0-0', 0, 1],
    ['bytes=1000000-2000000', 1_000_000, 2_000_001],
    ['bytes=2999999-', 2_999_999, 3_000_000],
  ])('gives the range %s', async (range, start, end) => {
    expect(await ask(weights(`${key}/0`), { headers: { range } })).toMatchObject({
      sha256: digest(content.subarray(start, end)),
    })
  })

  test.each([
    ['a link out of the store', (k: string) => weights(`${k}/1`)],
    ['another index', (k: string) => weights(`${k}/2`)],
    ['another key', () => weights(`${'0'.repeat(64)}/0`)],
    ['a name', (k: string) => weights(`${k}/weights.bin`)],
    ['encoded dots', (k: string) => weights(`${k}/..%2f..%2f..%2fsecret.txt`)],
    ['dots', (k: string) => weights(`${k}/../../../secret.txt`)],
    ['an absolute path', () => 'hearth-weights://store//etc/passwd'],
    ['another host', (k: string) => `hearth-weights://other/m/${k}/0`],
  ])('does not know %s', async (_name, address) => {
    expect(await ask(address(key))).toBe('failed')
  })

  test.each(['HEAD', 'POST', 'PUT', 'DELETE'])('refuses %s', async (method) => {
    expect(await ask(weights(`${key}/0`), { method })).toBe('failed')
  })
})

describe('app:', () => {
  test('gives the page under its policy', async () => {
    expect(await ask('app://bundle/index.html')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': expect.any(String) },
    })
  })

  test.each([
    'app://bundle/',
    'app://bundle/index.html?x',
    'app://bundle/INDEX.HTML',
    'app://bundle/../main/main.js',
    'app://bundle/..%2fmain%2fmain.js',
    'app://bundle/..%5cmain%5cmain.js',
    'app://bundle/%2e%2e/main/main.js',
    'app://bundle/%252e%252e/main/main.js',
    'app://bundle/....//main/main.js',
    'app://bundle/index.html%00.js',
    'app://bundle/C:/Windows/win.ini',
    'app://bundle//etc/passwd',
    'app://bundle/assets',
    'app://bundle/assets/',
    'app://bundle/main.js',
    'app://bundle/package.json',
  ])('does not know %s', async (address) => {
    expect(await ask(address)).toMatchObject({ status: 404, sizeBytes: 0 })
  })

  test.each(['POST', 'PUT', 'DELETE'])('refuses %s', async (method) => {
    expect(await ask('app://bundle/index.html', { method })).toMatchObject({ status: 405, sizeBytes: 0 })
  })
})
