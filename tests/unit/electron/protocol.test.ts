import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answerApp, answerModel, contentSecurityPolicy, listAppFiles } from '../../../electron/protocol.ts'

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'hearth-protocol-'))
const key = 'a'.repeat(64)

beforeAll(() => {
  mkdirSync(join(folder, 'app/assets'), { recursive: true })
  mkdirSync(join(folder, 'store/model'), { recursive: true })
  writeFileSync(join(folder, 'app/index.html'), '<p>page</p>')
  writeFileSync(join(folder, 'app/assets/a-1.js'), 'export {}')
  writeFileSync(join(folder, 'app/assets/notes.txt'), 'not of a kind the page uses')
  writeFileSync(join(folder, 'store/model/weights'), '0123456789')
  writeFileSync(join(folder, 'store/model/empty'), '')
  writeFileSync(join(folder, 'secret'), 'SECRET')
  symlinkSync(join(folder, 'secret'), join(folder, 'store/model/out'))
  symlinkSync(join(folder, 'store/model/weights'), join(folder, 'store/model/in'))
  symlinkSync(join(folder, 'store'), join(folder, 'linked-store'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('app:', () => {
  const answer = (address: string, init?: RequestInit) =>
    answerApp(listAppFiles(join(folder, 'app')))(new Request(address, init))

  test('the table holds the files that were there at the start, by their whole address', () => {
    expect([...listAppFiles(join(folder, 'app')).keys()].sort()).toEqual([
      'app://bundle/assets/a-1.js',
      'app://bundle/index.html',
    ])
  })

  test('a file comes with its type, its length and the policy', async () => {
    const response = await answer('app://bundle/index.html')
    expect([response.status, await response.text()]).toEqual([200, '<p>page</p>'])
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-type': 'text/html; charset=utf-8',
      'content-length': '11',
      'content-security-policy': contentSecurityPolicy,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
  })

  test('only what stands in the table is answered, whatever the address', async () => {
    const known = ['app://bundle/index.html', 'app://bundle/assets/a-1.js']
    const piece = fc.constantFrom(
      'index.html',
      'assets',
      '..',
      '.',
      '%2e%2e',
      '..%2f',
      '%00',
      '%252e',
      '\\',
      '/',
      '//',
      'secret',
      'store',
      'C:',
      '?',
      '#',
      'a-1.js',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const address = new URL(`app://bundle/${pieces.join('')}`).href
        const response = await answer(address)
        return known.includes(address.replace(/#.*$/, '')) || response.status === 404
      }),
      { numRuns: 1000 },
    )
  })
})

describe('hearth-model:', () => {
  const files = ['weights', 'empty', 'out', 'in', 'absent']
  const library = (root: string) => ({
    file: async (asked: string, index: number) => {
      const name = files[index]
      const sizeBytes = name === 'empty' ? 0 : 10
      return asked === key && name !== undefined ? { path: join(folder, root, 'model', name), sizeBytes } : null
    },
  })
  const answer = (rest: string, headers: Record<string, string> = {}, method = 'GET', root = 'store') =>
    answerModel(library(root), [join(folder, root)])(new Request(`hearth-model://store/m/${rest}`, { headers, method }))

  test('a file is given whole or in part, and an empty one too', async () => {
    const whole = await answer(`${key}/0`)
    expect([whole.status, whole.headers.get('content-length'), await whole.text()]).toEqual([200, '10', '0123456789'])
    const part = await answer(`${key}/0`, { range: 'bytes=2-4' })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 2-4/10', '234'])
    const empty = await answer(`${key}/1`)
    expect([empty.status, empty.headers.get('content-length'), await empty.text()]).toEqual([200, '0', ''])
    const head = await answer(`${key}/0`, {}, 'HEAD')
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', ''])
  })

  test('only our own page may read the answer', async () => {
    expect((await answer(`${key}/0`)).headers.get('access-control-allow-origin')).toBe('app://bundle')
    expect((await answer(`${key}/0`)).headers.get('cache-control')).toBe('no-store')
  })

  test('a link is not followed, neither out of the store nor within it; a linked store is', async () => {
    expect((await answer(`${key}/2`)).status).toBe(404)
    expect((await answer(`${key}/3`)).status).toBe(404)
    expect((await answer(`${key}/0`, {}, 'GET', 'linked-store')).status).toBe(200)
  })

  test('a missing file, an unknown key, another method and a bad range have their codes', async () => {
    expect((await answer(`${key}/4`)).status).toBe(404)
    expect((await answer(`${'b'.repeat(64)}/0`)).status).toBe(404)
    expect((await answer(`${key}/0`, {}, 'POST')).status).toBe(405)
    const refused = await answer(`${key}/0`, { range: 'bytes=5-20' })
    expect([refused.status, refused.headers.get('content-range')]).toEqual([416, 'bytes */10'])
  })

  test('a file outside every root is not served, even if the library names it', async () => {
    const astray = { file: async () => ({ path: join(folder, 'secret'), sizeBytes: 6 }) }
    const response = await answerModel(astray, [join(folder, 'store')])(new Request(`hearth-model://store/m/${key}/0`))
    expect(response.status).toBe(404)
  })

  test('the library is asked only for addresses of exactly the one form', async () => {
    const asked: string[] = []
    const file = async (askedKey: string, index: number) => {
      asked.push(`${askedKey}/${index}`)
      return null
    }
    const spy = answerModel({ file }, [folder])
    const text = fc.oneof(
      fc.constantFrom(key, key.toUpperCase(), 'm', '0', '12345', '123456', '..', '%2e', '00', '-1', '', '?', '#x'),
      fc.webPath({ size: 'small' }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 5 }), async (parts) => {
        const address = new URL(`hearth-model://store/${parts.join('/')}`).href
        asked.length = 0
        await spy(new Request(address))
        const exact = /^hearth-model:\/\/store\/m\/([0-9a-f]{64})\/(0|[1-9]\d{0,4})(#.*)?$/.test(address)
        return exact ? asked.length === 1 : asked.length === 0
      }),
      { numRuns: 1000 },
    )
  })
})
