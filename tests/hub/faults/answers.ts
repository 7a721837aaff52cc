// Faults of a Hub's answers: refusals, redirects, limits, pages of listings, names.

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { treeEntry } from '../hubAnswer.ts'
import type { SeenRequest } from '../localHub.ts'
import {
  addHeaders,
  between,
  type Expected,
  type FaultKind,
  type FaultRig,
  type FaultVariant,
  isContent,
  isListing,
  isResolve,
  misbehave,
} from './kinds.ts'
import { files } from './repository.ts'

const passing = [500, 502, 503, 504]
const isFirst = ({ url }: SeenRequest) => url.includes('/revision/')

/** The rig's clock, as far as it is now. */
function limited(
  name: string,
  headers: (rig: FaultRig) => Readonly<Record<string, string>>,
  leastMs: number,
): FaultVariant {
  const started = new WeakMap<FaultRig, number>()
  return {
    name,
    expected: 'succeeds',
    install(rig) {
      started.set(rig, rig.clock.now())
      const matches = rig.random() < 0.5 ? isResolve : isContent
      misbehave(rig, matches, (_request, response) => response.writeHead(429, headers(rig)).end('{}'), 1)
    },
    check(rig) {
      const waitedMs = rig.clock.now() - (started.get(rig) ?? 0)
      if (waitedMs < leastMs) throw new Error(`waited ${waitedMs} ms, the Hub asked for ${leastMs}`)
    },
  }
}

const redirect = (name: string, expected: Expected, location: (rig: FaultRig) => string): FaultVariant => ({
  name,
  expected,
  install: (rig) =>
    misbehave(rig, isResolve, (_request, response) => response.writeHead(302, { location: location(rig) }).end()),
})

const refusal = (
  name: string,
  expected: Expected,
  status: number,
  headers: Readonly<Record<string, string>>,
  matches = isFirst,
): FaultVariant => ({
  name,
  expected,
  install: (rig) => misbehave(rig, matches, (_request, response) => response.writeHead(status, headers).end('{}')),
})

const listing = (name: string, expected: Expected, entries: readonly object[]): FaultVariant => ({
  name,
  expected,
  install: (rig) =>
    misbehave(rig, isListing, (_request, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify([...files.map(treeEntry), ...entries])),
    ),
})
const named = (path: string) => ({ type: 'file', oid: 'a'.repeat(40), size: 1, path })

const pages = (name: string, next: (rig: FaultRig, page: number) => string): FaultVariant => ({
  name,
  expected: 'unexpected',
  install(rig) {
    let page = 0
    misbehave(
      rig,
      (request) => isListing(request) || request.url.startsWith('/more'),
      (_request, response) =>
        response
          .writeHead(200, { 'content-type': 'application/json', link: `<${next(rig, page++)}>; rel="next"` })
          .end('[]'),
    )
  },
})

export const answerFaults: readonly FaultKind[] = [
  {
    number: 11,
    name: 'a server in trouble',
    variants: [
      ...passing.map((status) => ({
        name: `${status}, up to eight times`,
        expected: 'succeeds' as const,
        install: (rig: FaultRig) =>
          misbehave(
            rig,
            rig.random() < 0.5 ? isContent : () => true,
            (_request, response) => response.writeHead(status).end('<html>'),
            between(rig, 1, 8),
          ),
      })),
      {
        name: 'always',
        expected: 'server',
        install: (rig) => misbehave(rig, isContent, (_request, response) => response.writeHead(503).end()),
      },
      { name: 'an answer that stays', ...refusalOfContent(501), expected: 'server' },
    ],
  },
  {
    number: 13,
    name: 'a limit of requests',
    variants: [
      limited('RateLimit', () => ({ ratelimit: '"resolvers";r=0;t=3' }), 4000),
      limited('Retry-After in seconds', () => ({ 'retry-after': '5' }), 5000),
      limited(
        'Retry-After as a date',
        ({ clock }) => ({ 'retry-after': new Date(clock.now() + 9000).toUTCString() }),
        7000,
      ),
      limited('neither', () => ({}), 1000),
    ],
  },
  {
    number: 14,
    name: 'redirects',
    variants: [
      redirect('to itself', 'unexpected', ({ local }) => `${local.state.hubOrigin}/a/b/resolve/x/y`),
      {
        name: 'six in a row',
        expected: 'unexpected',
        install(rig) {
          let step = 0
          misbehave(rig, isResolve, (_request, response) =>
            response.writeHead(307, { location: `/somebody/model/resolve/${step++}/x` }).end(),
          )
        },
      },
      redirect('without encryption', 'unexpected', () => 'http://files.example/x'),
      redirect('to a file', 'unexpected', () => 'file:///etc/passwd'),
      redirect('to a link-local address', 'unexpected', () => 'http://169.254.169.254/latest'),
      redirect('into the local network', 'unexpected', () => 'https://10.0.0.1/x'),
      redirect('with a name in the address', 'unexpected', ({ local }) =>
        local.state.fileOrigin.replace('://', '://me:secret@'),
      ),
      {
        name: 'relative',
        expected: 'succeeds',
        install(rig) {
          misbehave(
            rig,
            ({ url }) => url.includes('/resolve/') && !url.includes('again'),
            ({ url }, response) => response.writeHead(307, { location: `${url}?again` }).end(),
          )
        },
      },
    ],
  },
  {
    number: 15,
    name: 'a signed address that ran out',
    variants: [
      { name: 'at the start', ...refusalOfContent(403, 2), expected: 'succeeds' },
      {
        name: 'within the file',
        expected: 'succeeds',
        install(rig) {
          let seen = 0
          const from = between(rig, 1, 4)
          misbehave(
            rig,
            (request) => isContent(request) && ++seen > from,
            (_request, response) => response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>'),
            between(rig, 1, 3),
          )
        },
      },
      { name: 'always', ...refusalOfContent(403), expected: 'unexpected' },
    ],
  },
  {
    number: 21,
    name: 'pages of a listing',
    variants: [
      pages('at another host', ({ local }) => `${local.state.fileOrigin}/more`),
      pages('that lead back', ({ local }) => `${local.state.hubOrigin}/more`),
      pages('without end', ({ local }, page) => `${local.state.hubOrigin}/more?${page}`),
    ],
  },
  {
    number: 23,
    name: 'refusals',
    variants: [
      refusal('401', 'missing', 401, {}),
      refusal('403', 'token-refused', 403, {}),
      refusal('RepoNotFound', 'missing', 401, { 'x-error-code': 'RepoNotFound' }),
      refusal('RevisionNotFound', 'missing', 404, { 'x-error-code': 'RevisionNotFound' }),
      refusal('disabled', 'disabled', 403, { 'x-error-message': 'Access to this repo is disabled.' }),
      refusal('GatedRepo', 'gated', 403, { 'x-error-code': 'GatedRepo' }, isResolve),
      refusal('EntryNotFound', 'missing', 404, { 'x-error-code': 'EntryNotFound' }, isResolve),
    ],
  },
  {
    number: 36,
    name: 'there for HEAD, missing for GET',
    variants: [
      {
        name: '404',
        expected: 'missing',
        install: (rig) =>
          misbehave(
            rig,
            (request) => isContent(request) && request.method === 'GET',
            (_request, response) => response.writeHead(404).end(),
          ),
      },
    ],
  },
  {
    number: 37,
    name: 'a file name in Content-Disposition',
    variants: [
      {
        name: 'that leads out',
        expected: 'succeeds',
        install: (rig) =>
          addHeaders(rig, () => true, {
            'content-disposition': 'attachment; filename="../../evil"; filename*=UTF-8\'\'%2e%2e%2fevil',
          }),
        check({ folder, storeFolder }) {
          const stray = readdirSync(folder, { recursive: true }).filter((name) => String(name).includes('evil'))
          if (stray.length > 0 || existsSync(join(storeFolder, '..', '..', 'evil')))
            throw new Error(`written: ${stray}`)
        },
      },
    ],
  },
  {
    number: 38,
    name: 'names that differ in case only',
    variants: [listing('Config.json', 'bad-name', [named('Config.json')])],
  },
  {
    number: 39,
    name: 'names that are too long',
    variants: [
      listing('a part of 256 bytes', 'bad-name', [named('a'.repeat(256))]),
      listing('4,100 characters', 'bad-name', [named(Array.from({ length: 41 }, () => 'a'.repeat(99)).join('/'))]),
    ],
  },
]

function refusalOfContent(status: number, times = Number.POSITIVE_INFINITY): Pick<FaultVariant, 'install'> {
  return {
    install: (rig) =>
      misbehave(rig, isContent, (_request, response) => response.writeHead(status).end('<Error/>'), times),
  }
}
