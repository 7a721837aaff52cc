// Faults of content: other bytes, other ranges, other sizes, other encodings than were asked for.
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { treeEntry } from '../hubAnswer.ts'
import type { SeenRequest } from '../localHub.ts'
import {
  addHeaders,
  asked,
  between,
  type Expected,
  type FaultKind,
  type FaultRig,
  type FaultVariant,
  isContent,
  isListing,
  isModel,
  isResolve,
  misbehave,
} from './kinds.ts'
import { blockBytes, files, model } from './repository.ts'

const forEver = Number.POSITIVE_INFINITY
const size = model.bytes.byteLength

/** One block, drawn by the seed, comes changed. */
function changeBlock(rig: FaultRig, times: number, change: (bytes: Uint8Array) => void): void {
  const block = between(rig, 0, Math.floor(size / blockBytes)) * blockBytes
  misbehave(
    rig,
    (request) => isContent(request) && asked(request).first === block,
    (request, response) => {
      const { bytes, headers } = asked(request)
      const changed = Uint8Array.from(bytes)
      change(changed)
      response.writeHead(206, { ...headers, 'content-length': changed.byteLength }).end(changed)
    },
    times,
  )
}

const scramble = (rig: FaultRig) => (bytes: Uint8Array) => {
  const from = between(rig, 0, bytes.byteLength - 1)
  for (let index = from; index < bytes.byteLength; index++) bytes[index] = (bytes[index] ?? 0) ^ 0x55
}
const flip = (rig: FaultRig) => (bytes: Uint8Array) => {
  const at = between(rig, 0, bytes.byteLength - 1)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << between(rig, 0, 7))
}

/** Other headers than the range that was asked for has. */
function answering(
  name: string,
  expected: Expected,
  answer: (request: SeenRequest, response: ServerResponse, rig: FaultRig) => unknown,
  matches: (request: SeenRequest) => boolean = isContent,
): FaultVariant {
  return {
    name,
    expected,
    install: (rig) => misbehave(rig, matches, (request, response) => answer(request, response, rig)),
  }
}

const partial = (name: string, headers: (request: SeenRequest) => Readonly<Record<string, string>>) =>
  answering(name, 'changed', (request, response) => response.writeHead(206, headers(request)).end(asked(request).bytes))

const listed = (name: string, expected: Expected, body: () => string | Uint8Array, headers = {}) =>
  answering(
    name,
    expected,
    (_request, response) => response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body()),
    isListing,
  )

const listing = () => JSON.stringify(files.map(treeEntry))
const otherSize = (more: number) => () =>
  JSON.stringify(files.map((file) => resized(treeEntry(file), file === model ? more : 0)))

function resized(entry: object, more: number): object {
  if (more === 0) return entry
  return { ...entry, size: size + more, lfs: { ...('lfs' in entry ? (entry.lfs as object) : {}), size: size + more } }
}

export const contentFaults: readonly FaultKind[] = [
  {
    number: 5,
    name: 'wrong bytes',
    variants: [
      { name: 'once', expected: 'succeeds', install: (rig) => changeBlock(rig, 1, scramble(rig)) },
      { name: 'always', expected: 'wrong-bytes', install: (rig) => changeBlock(rig, forEver, scramble(rig)) },
    ],
  },
  {
    number: 6,
    name: 'one flipped bit',
    variants: [
      { name: 'once', expected: 'succeeds', install: (rig) => changeBlock(rig, 1, flip(rig)) },
      { name: 'always', expected: 'wrong-bytes', install: (rig) => changeBlock(rig, forEver, flip(rig)) },
    ],
  },
  {
    number: 7,
    name: 'extra bytes',
    variants: [
      answering('in a chunked answer', 'changed', (request, response, rig) => {
        response.writeHead(206, asked(request).headers)
        response.end(Buffer.concat([asked(request).bytes, new Uint8Array(between(rig, 1, 1000))]))
      }),
      answering('within the length that is named', 'changed', (request, response, rig) => {
        const body = Buffer.concat([asked(request).bytes, new Uint8Array(between(rig, 1, 1000))])
        response.writeHead(206, { ...asked(request).headers, 'content-length': body.byteLength }).end(body)
      }),
    ],
  },
  {
    number: 8,
    name: 'a size that differs',
    variants: [
      {
        name: 'in the header',
        expected: 'changed',
        install: (rig) => addHeaders(rig, isResolve, { 'x-linked-size': '7' }),
      },
      listed('in the listing, too large', 'changed', otherSize(10)),
      listed('in the listing, too small', 'changed', otherSize(-10)),
      partial('in the total of the range', (request) => ({
        'content-range': `bytes ${asked(request).first}-${asked(request).last}/${size + 1}`,
      })),
    ],
  },
  {
    number: 12,
    name: 'compression that was not asked for',
    variants: [
      answering('of content', 'changed', (request, response) =>
        response
          .writeHead(206, { ...asked(request).headers, 'content-encoding': 'gzip' })
          .end(gzipSync(asked(request).bytes)),
      ),
      listed('of a listing that grows without end', 'unexpected', () => gzipSync(Buffer.alloc(64 * 2 ** 20, ' ')), {
        'content-encoding': 'gzip',
      }),
      listed('of a listing', 'succeeds', () => gzipSync(listing()), { 'content-encoding': 'gzip' }),
    ],
  },
  {
    number: 16,
    name: 'the whole file where a part was asked for',
    variants: [
      answering('always', 'succeeds', (_request, response) =>
        response.writeHead(200, { 'content-length': size }).end(model.bytes),
      ),
      {
        name: 'once, later on, breaking off',
        expected: 'succeeds',
        install(rig) {
          const from = between(rig, 1, 5) * blockBytes
          misbehave(
            rig,
            (request) => isContent(request) && asked(request).first === from,
            (_request, response) => {
              response.writeHead(200, { 'content-length': size })
              response.write(model.bytes.subarray(0, from), () => response.destroy())
            },
            1,
          )
        },
      },
    ],
  },
  {
    number: 17,
    name: 'another range than was asked for',
    variants: [
      partial('shifted by one', (request) => ({
        'content-range': `bytes ${asked(request).first + 1}-${asked(request).last + 1}/${size}`,
      })),
      partial('in several parts', () => ({ 'content-type': 'multipart/byteranges; boundary=x' })),
      partial('not named', () => ({})),
      partial('without a total', (request) => ({
        'content-range': `bytes ${asked(request).first}-${asked(request).last}/*`,
      })),
    ],
  },
  {
    number: 18,
    name: 'a range that cannot be had',
    variants: [
      answering('416', 'server', (_request, response) =>
        response.writeHead(416, { 'content-range': `bytes */${size}` }).end(),
      ),
    ],
  },
  {
    number: 19,
    name: 'a repository that changes on the way',
    variants: [
      {
        name: 'its commit',
        expected: 'changed',
        install: (rig) => addHeaders(rig, isResolve, { 'x-repo-commit': 'd'.repeat(40) }),
      },
      {
        name: 'its content, later on',
        expected: 'changed',
        install(rig) {
          let left = between(rig, 1, 5)
          addHeaders(rig, (request) => isResolve(request) && isModel(request) && left-- <= 0, {
            'x-linked-etag': `"${'d'.repeat(64)}"`,
          })
        },
      },
      {
        name: 'its branch',
        expected: 'succeeds',
        install(rig) {
          const [first] = rig.local.state.repositories
          const moved = first === undefined ? [] : [{ ...first, branches: { main: 'e'.repeat(40) } }]
          misbehave(rig, isListing, () => {}, 0)
          const before = rig.local.fault
          rig.local.fault = (request, response) => {
            // From the first listing on the branch is elsewhere.
            if (isListing(request)) Object.assign(rig.local.state, { repositories: moved })
            return before?.(request, response) ?? false
          }
        },
      },
    ],
  },
  {
    number: 20,
    name: 'the header with the hash',
    variants: [
      {
        name: 'is missing',
        expected: 'succeeds',
        install(rig) {
          rig.local.fault = (_request, response) => {
            const setHeader = response.setHeader.bind(response)
            response.setHeader = (name, value) => (name === 'x-linked-etag' ? response : setHeader(name, value))
            return false
          }
        },
      },
      {
        name: 'is no hash',
        expected: 'changed',
        install: (rig) => addHeaders(rig, isResolve, { 'x-linked-etag': '"../../x"' }),
      },
      {
        name: 'is another',
        expected: 'changed',
        install: (rig) => addHeaders(rig, isResolve, { 'x-linked-etag': `"${'a'.repeat(64)}"` }),
      },
    ],
  },
  {
    number: 22,
    name: 'the login page of a network',
    variants: [
      answering('for everything', 'unexpected', login, () => true),
      answering('for content', 'unexpected', login),
    ],
  },
  {
    number: 28,
    name: 'a listing that is none',
    variants: [
      listed('broken', 'unexpected', () => listing().slice(0, -3)),
      answering('without end', 'unexpected', endless, isListing),
      listed('a million deep', 'unexpected', () => '['.repeat(1e6) + ']'.repeat(1e6)),
      listed('with a key twice, the true one last', 'succeeds', () =>
        listing().replaceAll('"size":', '"size":1,"size":'),
      ),
      listed('with a key twice, a false one last', 'changed', () =>
        listing().replaceAll(
          '"xetHash"',
          `"size":${size - 1},"lfs":{"oid":"${'b'.repeat(64)}","size":${size - 1}},"xetHash"`,
        ),
      ),
      listed('with a byte order mark', 'unexpected', () => `\ufeff${listing()}`),
    ],
  },
]

function login(_request: SeenRequest, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>Please log in</html>')
}

function endless(_request: SeenRequest, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  const chunk = Buffer.alloc(2 ** 20, ' ')
  const more = () => {
    if (!response.destroyed) response.write(chunk, () => setImmediate(more))
  }
  more()
}
