// Faults of connections: they break, end early, stall, drip, or speak another protocol.
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { connect } from '../../../electron/services/network/connection.ts'
import { asked, between, type FaultKind, type FaultRig, isContent, misbehave, raw, reset } from './kinds.ts'
import { address, listening } from './listening.ts'

/** Stands for the twenty seconds. */
const silenceMs = 300
const forEver = Number.POSITIVE_INFINITY
const tls = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url))

/** Sends part of what was asked for, then ends in some way. */
function breakOff(rig: FaultRig, times: number, most: number, withLength: boolean, end: typeof reset): void {
  misbehave(
    rig,
    isContent,
    (request, response) => {
      const { bytes, headers } = asked(request)
      const length = Math.min(between(rig, 0, most), bytes.byteLength - 1)
      response.writeHead(206, { ...headers, ...(withLength && { 'content-length': bytes.byteLength }) })
      response.write(bytes.subarray(0, length), () => end(response))
    },
    times,
  )
}

/** The file server moves to another address. */
function moveFiles(rig: FaultRig, origin: string): void {
  misbehave(
    rig,
    ({ server, url }) => server === 'hub' && url.includes('/resolve/'),
    ({ url }, response) => response.writeHead(302, { location: `${origin}${url}` }).end(),
  )
}

/** fetch itself fails, as for a name or a route that is not there. */
function unreachable(rig: FaultRig, code: string, times: number): void {
  const { fetch } = rig
  let left = times
  rig.fetch = async (url, init) => {
    if (left-- <= 0) return await fetch(url, init)
    throw new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })
  }
}

export const transportFaults: readonly FaultKind[] = [
  {
    number: 1,
    name: 'reset before headers',
    variants: [
      {
        name: 'at first',
        expected: 'succeeds',
        install: (rig) =>
          misbehave(
            rig,
            () => true,
            (_request, response) => reset(response),
            between(rig, 1, 6),
          ),
      },
      {
        name: 'always, of content',
        expected: 'offline',
        install: (rig) => misbehave(rig, isContent, (_request, response) => reset(response)),
      },
    ],
  },
  {
    number: 2,
    name: 'reset at some byte',
    variants: [
      {
        name: 'a few times',
        expected: 'succeeds',
        install: (rig) => breakOff(rig, between(rig, 1, 7), 65_535, true, reset),
      },
      { name: 'always, early', expected: 'offline', install: (rig) => breakOff(rig, forEver, 2000, true, reset) },
    ],
  },
  {
    number: 3,
    name: 'clean end before the length that was named',
    variants: [
      {
        name: 'a few times',
        expected: 'succeeds',
        install: (rig) => breakOff(rig, between(rig, 1, 7), 65_535, true, ({ socket }) => socket?.end()),
      },
    ],
  },
  {
    number: 4,
    name: 'clean end of a chunked answer, early',
    variants: [
      {
        name: 'a few times',
        expected: 'succeeds',
        install: (rig) => breakOff(rig, between(rig, 1, 7), 65_535, false, (response) => response.end()),
      },
      {
        name: 'always, early',
        expected: 'offline',
        install: (rig) => breakOff(rig, forEver, 2000, false, (response) => response.end()),
      },
    ],
  },
  {
    number: 9,
    name: 'a byte a second',
    variants: [
      { name: 'once', expected: 'succeeds', install: (rig) => drip(rig, between(rig, 1, 3)) },
      { name: 'always', expected: 'offline', install: (rig) => drip(rig, forEver) },
    ],
  },
  {
    number: 10,
    name: 'a stall without end',
    variants: [
      {
        name: 'before headers',
        expected: 'succeeds',
        install: (rig) => stall(rig, between(rig, 1, 3)),
      },
      {
        name: 'within the body',
        expected: 'succeeds',
        install(rig) {
          rig.stallMs = silenceMs
          breakOff(rig, between(rig, 1, 3), 65_535, true, () => {})
        },
      },
      { name: 'always', expected: 'offline', install: (rig) => stall(rig, forEver) },
    ],
  },
  {
    number: 24,
    name: 'errors of TLS',
    variants: [
      {
        name: 'a certificate that nobody signed',
        expected: 'offline',
        async install(rig) {
          const server = createTlsServer({ key: tls('key'), cert: tls('certificate') }, (socket) => socket.end())
          moveFiles(rig, `https://localhost:${await listening(rig, server)}`)
        },
      },
      {
        name: 'a server that speaks no TLS',
        expected: 'offline',
        install: (rig) => moveFiles(rig, rig.local.state.fileOrigin.replace('http:', 'https:')),
      },
      {
        name: 'a handshake that breaks off',
        expected: 'offline',
        async install(rig) {
          const server = createServer((socket) => socket.once('data', () => socket.destroy()))
          moveFiles(rig, `https://localhost:${await listening(rig, server)}`)
        },
      },
    ],
  },
  {
    number: 25,
    name: 'no name, no route, IPv6 only',
    variants: [
      ...['ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'].map((code) => ({
        name: code,
        expected: 'succeeds' as const,
        install: (rig: FaultRig) => unreachable(rig, code, between(rig, 1, 6)),
      })),
      { name: 'ENOTFOUND always', expected: 'offline', install: (rig) => unreachable(rig, 'ENOTFOUND', forEver) },
      {
        name: 'IPv6 only',
        expected: 'succeeds',
        async install(rig) {
          const server = createServer((socket) => forward(socket, rig))
          const port = await listening(rig, server, '::1').catch(() => null)
          if (port === null) console.log('IPv6 only: not tried, this computer has no ::1')
          else misbehaveSigned(rig, `http://[::1]:${port}`)
        },
      },
    ],
  },
  {
    number: 26,
    name: 'a kept connection that is dead when it is used again',
    variants: [
      {
        name: 'each one',
        expected: 'succeeds',
        install(rig) {
          const used = new WeakSet<object>()
          rig.local.fault = (_request, response) => {
            const { socket } = response
            if (socket === null) return false
            if (used.has(socket)) {
              socket.destroy()
              return true
            }
            used.add(socket)
            return false
          }
        },
      },
    ],
  },
  {
    number: 27,
    name: 'headers that are none',
    variants: [
      ['a header of a megabyte', `x-long: ${'a'.repeat(2 ** 20)}\r\n`],
      ['ten thousand headers', Array.from({ length: 10_000 }, (_, index) => `x-${index}: 1\r\n`).join('')],
      ['a line break in a name', 'x-\r\nbroken\r\n: 1\r\n'],
      ['a NUL', 'x-nul: a\0b\r\n'],
      ['two lengths', 'content-length: 5\r\ncontent-length: 6\r\n'],
    ].flatMap(([name, header]) =>
      ([1, forEver] as const).map((times) => ({
        name: `${name}, ${times === 1 ? 'once' : 'always'}`,
        expected: times === 1 ? ('succeeds' as const) : ('offline' as const),
        install: (rig: FaultRig) =>
          misbehave(
            rig,
            isContent,
            (_request, response) => raw(response, `HTTP/1.1 206 Partial Content\r\n${header}\r\n`),
            times,
          ),
      })),
    ),
  },
  {
    number: 32,
    name: 'a proxy that wants a password',
    variants: [
      {
        name: '407',
        expected: 'offline',
        async install(rig) {
          const server = createHttpServer((_request, response) => response.writeHead(407).end())
          server.on('connect', (_request, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'))
          const proxy = `http://127.0.0.1:${await listening(rig, server)}`
          const connection = connect({ http: proxy, https: proxy, except: '' })
          rig.cleanUp.push(() => connection[Symbol.asyncDispose]())
          rig.fetch = connection.fetch
        },
      },
    ],
  },
]

function stall(rig: FaultRig, times: number): void {
  rig.stallMs = silenceMs
  misbehave(rig, isContent, () => {}, times)
}

function drip(rig: FaultRig, times: number): void {
  rig.stallMs = silenceMs
  misbehave(
    rig,
    isContent,
    (request, response) => {
      const { bytes, headers } = asked(request)
      response.writeHead(206, { ...headers, 'content-length': bytes.byteLength })
      let sent = 0
      const timer = setInterval(() => response.write(bytes.subarray(sent, ++sent)), silenceMs / 20)
      response.on('close', () => clearInterval(timer))
    },
    times,
  )
}

/** A door of its own to the same file server. */
function forward(socket: Socket, rig: FaultRig): void {
  const to = address(rig.local.state.fileOrigin)
  socket.pipe(to).pipe(socket)
  const end = () => {
    socket.destroy()
    to.destroy()
  }
  socket.on('error', end)
  to.on('error', end)
}

/** Addresses of content are those of another door. */
function misbehaveSigned(rig: FaultRig, origin: string): void {
  const { fileOrigin } = rig.local.state
  rig.local.fault = (_request, response) => {
    const setHeader = response.setHeader.bind(response)
    response.setHeader = (name, value) => setHeader(name, String(value).replace(fileOrigin, origin))
    return false
  }
}
