// The door to the network: what passes it stands in the ledger, and nothing passes while it is shut.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { NetworkConfiguration } from '../../../../electron/services/network/configuration.ts'
import { type Network, openNetwork } from '../../../../electron/services/network/network.ts'
import { purposeOf, shownPath } from '../../../../electron/services/network/purpose.ts'

const { signal } = new AbortController()
let folder: string
let answer: (request: IncomingMessage, response: ServerResponse) => void
let arrived: string[]
let origin: string
let close: () => Promise<void>
let network: Network

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-network-'))
  arrived = []
  answer = (_request, response) => response.end('hello')
  const server = createServer((request, response) => {
    arrived.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  close = async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  network = open({})
})
afterEach(async () => {
  await network[Symbol.asyncDispose]()
  await close()
  rmSync(folder, { recursive: true, force: true })
})

function open(change: Partial<NetworkConfiguration>): Network {
  return openNetwork({ ledgerFile: join(folder, 'ledger.db'), configuration: configuration(change) })
}
function configuration(change: Partial<NetworkConfiguration>): NetworkConfiguration {
  const proxies = { http: null, https: null, except: '' }
  const usual = { offline: false, token: null, proxies, connections: 1, speedLimitBytesPerSecond: null }
  return { ...usual, hubEndpoint: origin, ...change }
}
const get = (path: string, headers: Readonly<Record<string, string>> = {}, stop = signal) =>
  network.fetch(`${origin}${path}`, { method: 'GET', headers, redirect: 'manual', signal: stop })
const everything = () => network.ledger({ beforeId: null, limit: 100 })

describe('the ledger', () => {
  test('has each request with what came of it, and no secret', async () => {
    const response = await get('/a/b/resolve/0/x.bin?Signature=secret', { authorization: 'Bearer hf_secret' })
    expect(await response.text()).toBe('hello')
    expect(everything()).toEqual([
      {
        id: 1,
        startedAtMs: expect.any(Number),
        method: 'GET',
        host: new URL(origin).host,
        path: '/a/b/resolve/0/x.bin',
        purpose: 'x.bin of a/b',
        withToken: true,
        status: 200,
        receivedBytes: 5,
        durationMs: expect.any(Number),
        problem: null,
      },
    ])
    await network[Symbol.asyncDispose]()
    expect(readFileSync(join(folder, 'ledger.db')).includes('secret')).toBe(false)
    network = open({})
  })

  test('has the request before the server has it', async () => {
    answer = (_request, response) => {
      expect(everything()).toMatchObject([{ status: null, durationMs: null }])
      response.end()
    }
    await (await get('/')).text()
    expect(everything()).toMatchObject([{ status: 200 }])
  })

  test('keeps a redirect as an answer and does not follow it', async () => {
    answer = (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end('moved')
    const response = await get('/')
    expect([response.status, response.headers.get('location')]).toEqual([302, 'http://127.0.0.1:1/'])
    await response.body?.cancel()
    expect(everything()).toMatchObject([{ status: 302, problem: null }])
    expect(arrived).toHaveLength(1)
  })

  test('says why there was no answer, or no whole one', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half')
      setImmediate(() => response.destroy())
    }
    await expect(get('/cut').then((response) => response.text())).rejects.toThrow()
    await close()
    await expect(get('/none')).rejects.toThrow()
    const [refused, cut] = everything()
    expect(refused).toMatchObject({ status: null, receivedBytes: 0, problem: expect.stringMatching(/ECONN/) })
    expect(cut).toMatchObject({ status: 200, problem: expect.any(String) })
    close = async () => {}
  })

  test('is read in pages, newest first, and survives its process', async () => {
    for (const path of ['/1', '/2', '/3']) await (await get(path)).text()
    await network[Symbol.asyncDispose]()
    network = open({})
    expect(network.ledger({ beforeId: null, limit: 2 }).map(({ path }) => path)).toEqual(['/3', '/2'])
    expect(network.ledger({ beforeId: 2, limit: 2 }).map(({ path }) => path)).toEqual(['/1'])
  })
})

describe('offline mode', () => {
  test('asks nobody anything and opens no connection', async () => {
    network.configure(configuration({ offline: true }))
    await expect(get('/')).rejects.toMatchObject({ problem: { code: 'switched-off' } })
    expect(arrived).toEqual([])
    expect(everything()).toEqual([])
  })

  test('ends what is under way, and asking works again when it is turned off', async () => {
    answer = (_request, response) => void response.writeHead(200).write('first')
    const response = await get('/endless')
    const reader = response.body?.getReader()
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first')
    const rest = reader?.read()
    network.configure(configuration({ offline: true }))
    await expect(rest).rejects.toMatchObject({ problem: { code: 'switched-off' } })
    expect(everything()).toMatchObject([{ receivedBytes: 5, problem: expect.stringMatching(/offline mode/) }])
    network.configure(configuration({}))
    answer = (_request, ok) => ok.end('back')
    expect(await (await get('/')).text()).toBe('back')
  })
})

test('a request that is stopped by who asked rejects with their reason', async () => {
  answer = () => {}
  const stop = new AbortController()
  const asked = get('/', {}, stop.signal)
  stop.abort(new Error('enough'))
  await expect(asked).rejects.toThrow('enough')
  expect(everything()).toMatchObject([{ status: null, problem: 'stopped here' }])
})

test('who leaves after the last byte that was promised has stopped nothing', async () => {
  answer = (_request, response) => response.writeHead(200, { 'content-length': 5 }).end('hello')
  for (const chunks of [1, 0]) {
    const reader = (await get('/')).body?.getReader()
    for (let index = 0; index < chunks; index += 1) await reader?.read()
    await reader?.cancel()
  }
  expect(everything().map(({ receivedBytes, problem }) => [receivedBytes, problem])).toEqual([
    [0, 'stopped here'],
    [5, null],
  ])
})

test('a proxy is asked for other hosts and passed by for this computer', async () => {
  const asked: string[] = []
  const proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.end('from the proxy')
  })
  // Encrypted addresses go through a tunnel, which is refused here: that it was asked for is enough.
  proxy.on('connect', ({ url = '' }: IncomingMessage, client) => {
    asked.push(`CONNECT ${url}`)
    client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
  })
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  network.configure(configuration({ proxies: { http: address, https: address, except: 'localhost,127.0.0.1' } }))
  const ask = (url: string) => network.fetch(url, { method: 'GET', headers: {}, redirect: 'manual', signal })
  expect(await (await get('/direct')).text()).toBe('hello')
  expect(asked).toEqual([])
  expect(await (await ask('http://model.invalid/x')).text()).toBe('from the proxy')
  await expect(ask('https://model.invalid/x')).rejects.toThrow()
  expect(asked).toEqual(['GET http://model.invalid/x', 'CONNECT model.invalid:443'])
  proxy.closeAllConnections()
  await new Promise((done) => proxy.close(done))
})

describe('the purpose of a request', () => {
  const hub = { origin: 'https://hub.example', base: 'https://hub.example/below' }
  test.each([
    ['https://hub.example/below/api/models/a/b/tree/c0?recursive=true', 'list of files of a/b'],
    ['https://hub.example/below/api/models/a/b/revision/main', 'what a/b is'],
    ['https://hub.example/below/a/b/resolve/c0/dir/x%20y.bin', 'dir/x y.bin of a/b'],
    ['https://hub.example/below/api/resolve-cache/models/a/b/c0/config.json?etag=1', 'config.json of a/b'],
    ['https://hub.example/below/api/models?search=tiny%20llama&limit=5', 'search for "tiny llama"'],
    ['https://hub.example/below/%E0%A4%A', 'a question to the Hub'],
    ['https://cdn.example/signed/abc?Signature=s', 'contents of a file'],
  ])('%s', (address, purpose) => {
    expect(purposeOf(address, hub)).toBe(purpose)
  })
  test('no query is shown', () => {
    expect(shownPath('https://cdn.example/a?Signature=s#f')).toBe('/a')
  })
})
