import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  answerApp,
  answerModel,
  answerWeights,
  contentSecurityPolicy,
  listAppFiles,
} from '../../../electron/protocol.ts'

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
      if (asked !== key || name === undefined) return null
      const content = name === 'empty' ? '' : '0123456789'
      const sha256 = createHash('sha256').update(content).digest('hex')
      return { name, path: join(folder, root, 'model', name), sizeBytes: content.length, sha256 }
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

  test('a file with other bytes than the manifest lists is not given, neither whole nor in part', async () => {
    writeFileSync(join(folder, 'store/model/absent'), '0123456780')
    for (const headers of [{}, { range: 'bytes=0-1' }]) {
      const refused = await answer(`${key}/4`, headers)
      expect([refused.status, await refused.text()]).toEqual([422, ''])
    }
    rmSync(join(folder, 'store/model/absent'))
  })

  test('only our own page may read the answer', async () => {
    expect((await answer(`${key}/0`)).headers.get('access-control-allow-origin')).toBe('app://bundle')
    expect((await answer(`${key}/0`)).headers.get('cache-control')).toBe('no-store')
  })

  test('a file of another program is given from its real place alone', async () => {
    const foreign = (path: string) => ({
      file: async () => ({ ...(await library('store').file(key, 0)), path, isInPlace: true }) as never,
    })
    const real = join(realpathSync(folder), 'store/model/weights')
    const asked = () => new Request(`hearth-model://store/m/${key}/0`)
    expect((await answerModel(foreign(real), [])(asked())).status).toBe(200)
    expect(await answerWeights(foreign(real), [])({ method: 'GET', url: asked().url })).toMatchObject({ path: real })
    const linked = join(realpathSync(folder), 'store/model/in')
    expect((await answerModel(foreign(linked), [])(asked())).status).toBe(404)
    expect(await answerWeights(foreign(linked), [])({ method: 'GET', url: asked().url })).toEqual({ error: -6 })
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
    const astray = {
      file: async () => ({ name: 'secret', path: join(folder, 'secret'), sizeBytes: 6, sha256: '0'.repeat(64) }),
    }
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

describe('hearth-weights:', () => {
  const file = async (asked: string, index: number) => {
    const name = ['weights', 'out', 'in'][index]
    const stored = { sizeBytes: 10, sha256: '0'.repeat(64) }
    return asked === key && name !== undefined ? { name, path: join(folder, 'store/model', name), ...stored } : null
  }
  const answer = (address: string, method = 'GET') =>
    answerWeights({ file }, [join(folder, 'store')])({ url: address, method })
  const refusal = { error: -6 }

  test('Chromium is told the path of an installed file, and that nobody may keep it', async () => {
    const answered = await answer(`hearth-weights://store/m/${key}/0`)
    expect(answered.path).toBe(join(folder, 'store/model/weights'))
    expect(answered.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  })

  test.each([
    ['a link out of the store', `hearth-weights://store/m/${key}/1`],
    ['a link within the store', `hearth-weights://store/m/${key}/2`],
    ['an unknown file', `hearth-weights://store/m/${key}/3`],
    ['an unknown model', `hearth-weights://store/m/${'b'.repeat(64)}/0`],
    ['a name', `hearth-weights://store/m/${key}/weights`],
    ['dots', `hearth-weights://store/m/${key}/..%2f..%2fsecret`],
    ['a query', `hearth-weights://store/m/${key}/0?x`],
    ['another host', `hearth-weights://other/m/${key}/0`],
    ['a path', 'hearth-weights://store//etc/passwd'],
  ])('%s is refused', async (_name, address) => {
    expect(await answer(address)).toEqual(refusal)
  })

  test.each(['HEAD', 'POST', 'PUT', 'DELETE'])('%s is refused', async (method) => {
    expect(await answer(`hearth-weights://store/m/${key}/0`, method)).toEqual(refusal)
  })
})
