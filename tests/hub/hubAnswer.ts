// The Hub's side: model information, listings in pages, files. Status codes, headers and error codes as huggingface.co gives them.
import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { signedAddress } from './fileServer.ts'
import type { HubState, LocalFile, LocalRepository, SeenRequest } from './localHub.ts'

export function hubAnswer(
  state: HubState,
  { url, headers, method }: SeenRequest,
  response: ServerResponse,
): ServerResponse {
  const { pathname, searchParams } = new URL(url, state.hubOrigin)
  response.setHeader('x-request-id', 'Root=1-test')
  if (pathname.startsWith('/api/') && state.requestsLeft-- <= 0) {
    response.setHeader('ratelimit', '"api";r=0;t=41')
    response.setHeader('retry-after', '7')
    return refuse(response, 429, null, 'Too many requests')
  }
  const withToken = headers.authorization === `Bearer ${state.token}`
  if (headers.authorization !== undefined && !withToken) return refuse(response, 401, null, 'Invalid credentials')
  if (pathname === '/api/models') return search(state, searchParams, withToken, response)
  const asked = route(pathname)
  const found = state.repositories.find(({ id }) => id === asked?.id)
  // Who has no token cannot tell a private repository from a missing one.
  if (asked === null || found === undefined || (found.access === 'private' && !withToken))
    return refuse(response, withToken ? 404 : 401, 'RepoNotFound', 'Repository not found')
  if (found.access === 'disabled') return refuse(response, 403, null, `Access to model ${found.id} is disabled.`)
  const commit = asked.revision === found.commit ? found.commit : found.branches?.[asked.revision]
  if (commit === undefined) return refuse(response, 404, 'RevisionNotFound', `Invalid rev id: ${asked.revision}`)
  const named = { ...found, commit }
  if (asked.view === 'revision') return json(response, information(named))
  if (asked.view === 'tree') return listing(state, named, searchParams, response)
  if (found.access === 'gated' && !withToken) return refuse(response, 401, 'GatedRepo', 'Access to model is restricted')
  return file(state, named, { name: asked.rest, method, isCached: asked.view === 'cache' }, response)
}

interface Route {
  readonly view: 'revision' | 'tree' | 'resolve' | 'cache'
  readonly id: string
  readonly revision: string
  readonly rest: string
}

const routes: readonly (readonly [Route['view'], RegExp])[] = [
  ['revision', /^\/api\/models\/([^/]+\/[^/]+)\/revision\/([^/]+)()$/],
  ['tree', /^\/api\/models\/([^/]+\/[^/]+)\/tree\/([^/]+)()$/],
  ['cache', /^\/api\/resolve-cache\/models\/([^/]+\/[^/]+)\/([^/]+)\/(.+)$/],
  ['resolve', /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/],
]

function route(pathname: string): Route | null {
  for (const [view, pattern] of routes) {
    const [, id = '', revision = '', rest = ''] = pattern.exec(pathname) ?? []
    if (id !== '') return { view, id, revision: decodeURIComponent(revision), rest: decodeURIComponent(rest) }
  }
  return null
}

function information({ id, commit, access, files }: LocalRepository): object {
  const gated = access === 'gated' ? 'auto' : false
  return {
    id,
    sha: commit,
    private: access === 'private',
    gated,
    tags: ['pytorch'],
    siblings: files.map(({ name }) => ({ rfilename: name })),
  }
}

/** By words of the names; private repositories are shown to who may see them. `expand` chooses the fields, as on the real Hub. */
function search(state: HubState, query: URLSearchParams, withToken: boolean, response: ServerResponse): ServerResponse {
  const words = (query.get('search') ?? '').toLowerCase().split(' ')
  const fields = query.getAll('expand')
  const found = state.repositories.filter(
    ({ id, access }) => (access !== 'private' || withToken) && words.every((word) => id.toLowerCase().includes(word)),
  )
  const entries = found.map((repository, index) => {
    const { id, gated, tags } = information(repository) as Record<string, unknown>
    const all = { downloads: 1000 - index, likes: index, gated, tags: [...(tags as string[]), 'license:mit'] }
    const shown = Object.entries(all).filter(([name]) => fields.includes(name))
    return { _id: gitBlobId(Buffer.from(String(id))).slice(0, 24), id, ...Object.fromEntries(shown) }
  })
  return json(response, entries.slice(0, Number(query.get('limit') ?? 20)))
}

/** Directories stand among the files. The next page's address is absolute and in a header. */
function listing(
  state: HubState,
  { id, commit, files }: LocalRepository,
  query: URLSearchParams,
  response: ServerResponse,
): ServerResponse {
  const directories = new Set(
    files.flatMap(({ name }) => (name.includes('/') ? [name.slice(0, name.lastIndexOf('/'))] : [])),
  )
  const entries = [
    ...[...directories].map((path) => ({ type: 'directory', oid: gitBlobId(new Uint8Array()), size: 0, path })),
    ...files.map(treeEntry),
  ]
  const start = Number(query.get('cursor') ?? 0)
  const end = start + state.pageSize
  if (end < entries.length) {
    const next = `${state.hubOrigin}/api/models/${id}/tree/${commit}?recursive=true&expand=false&cursor=${end}`
    response.setHeader('link', `<${next}>; rel="next"`)
  }
  return json(response, entries.slice(start, end))
}

export function treeEntry({ name, bytes, large }: LocalFile): object {
  const size = bytes.byteLength
  if (!large) return { type: 'file', oid: gitBlobId(bytes), size, path: name }
  const pointer = Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(bytes)}\nsize ${size}\n`)
  const lfs = { oid: sha256(bytes), size, pointerSize: pointer.byteLength }
  return { type: 'file', oid: gitBlobId(pointer), size, path: name, lfs, xetHash: sha256(pointer) }
}

function file(
  state: HubState,
  { id, commit, files }: LocalRepository,
  { name, method, isCached }: { readonly name: string; readonly method: string; readonly isCached: boolean },
  response: ServerResponse,
): ServerResponse {
  const found = files.find((one) => one.name === name)
  response.setHeader('x-repo-commit', commit)
  if (found === undefined) return refuse(response, 404, 'EntryNotFound', 'Entry not found')
  const { bytes } = found
  if (found.large) {
    response.setHeader('x-linked-size', bytes.byteLength)
    response.setHeader('x-linked-etag', `"${sha256(bytes)}"`)
    response.setHeader('accept-ranges', 'bytes')
    response.setHeader('location', signedAddress(state, sha256(bytes)))
    return response.writeHead(302).end()
  }
  response.setHeader('etag', `"${gitBlobId(bytes)}"`)
  if (!isCached) {
    const path = name.split('/').map(encodeURIComponent).join('/')
    response.setHeader('location', `/api/resolve-cache/models/${id}/${commit}/${path}?etag=%22${gitBlobId(bytes)}%22`)
    return response.writeHead(307).end()
  }
  return response.writeHead(200, { 'content-length': bytes.byteLength }).end(method === 'HEAD' ? undefined : bytes)
}

function json(response: ServerResponse, value: unknown): ServerResponse {
  return response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value))
}

function refuse(response: ServerResponse, status: number, code: string | null, message: string): ServerResponse {
  if (code !== null) response.setHeader('x-error-code', code)
  response.setHeader('x-error-message', message)
  return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: message }))
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export function gitBlobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex')
}
