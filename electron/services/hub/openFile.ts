// Opens a file of a repository at a commit, from some byte on. Before the first byte is handed over, the Hub's headers must name the very file of the
// listing; what the file server says of itself is not looked at.
import type { Endpoint } from './endpoint.ts'
import type { HubFile } from './files.ts'
import { HubError } from './problem.ts'
import { ask, type HubAnswer, type HubFetch } from './request.ts'
import { checkStatus } from './status.ts'

export interface OpenFile {
  /** Where the bytes begin: as asked, or 0 where the server sends the whole file all the same. */
  readonly offset: number
  /** A part was asked for, and the whole file comes. */
  readonly isWhole: boolean
  readonly body: ReadableStream<Uint8Array>
}

export interface FileRequest {
  readonly id: string
  readonly commit: string
  readonly file: HubFile
  /** First byte wanted. */
  readonly offset: number
  /** Bytes wanted; to the end of the file unless given. */
  readonly length?: number
}

/** Rejects with HubError; the bytes themselves are the caller's to hash. */
export async function openFile(
  { fetch, endpoint, now }: { readonly fetch: HubFetch; readonly endpoint: Endpoint; readonly now: () => number },
  { id, commit, file, offset, length = file.sizeBytes - offset }: FileRequest,
  signal: AbortSignal,
): Promise<OpenFile> {
  const end = offset + length
  if (!Number.isSafeInteger(offset) || offset < 0 || (offset >= file.sizeBytes && offset > 0))
    throw new Error(`${file.name} of ${file.sizeBytes} bytes has no byte ${offset}`)
  if (!Number.isSafeInteger(length) || length < 0 || end > file.sizeBytes || (length === 0 && file.sizeBytes > 0))
    throw new Error(`${file.name} of ${file.sizeBytes} bytes has no ${length} bytes from byte ${offset} on`)
  const { host } = new URL(endpoint.origin)
  const name = `${id}/${file.name}`
  const url = `${endpoint.base}/${id}/resolve/${commit}/${file.name.split('/').map(encodeURIComponent).join('/')}`
  const isPart = offset > 0 || end < file.sizeBytes
  const last = end < file.sizeBytes ? end - 1 : ''
  const range: Record<string, string> = isPart ? { range: `bytes=${offset}-${last}` } : {}
  const answer = await ask(fetch, endpoint, { url, headers: { 'accept-encoding': 'identity', ...range } }, signal)
  const { response } = answer
  await checkStatus(answer, { name, what: 'file', host, withToken: endpoint.token !== null }, now())
  if (isPage(response, file)) {
    await response.body?.cancel()
    const detail = `it answered a page where ${name} was expected; does this network want a login?`
    throw new HubError({ code: 'unexpected', host, detail })
  }
  const changed = contradiction(answer, commit, file) ?? rangeProblem(response, file, offset, end)
  if (changed !== null || response.body === null) {
    await response.body?.cancel()
    throw new HubError({ code: 'changed', name, detail: changed ?? 'the answer has no body' })
  }
  const isAnswered = response.status === 206
  return { offset: isAnswered ? offset : 0, isWhole: isPart && !isAnswered, body: response.body }
}

/** Hubs send even pages as plain text. */
function isPage({ headers }: Response, { name }: HubFile): boolean {
  return (headers.get('content-type') ?? '').startsWith('text/html') && !/\.html?$/i.test(name)
}

/** Where the Hub's headers say another file than the listing did. A header that is missing says nothing: the bytes are hashed all the same. */
function contradiction({ hubHeaders, response, isForeign }: HubAnswer, commit: string, file: HubFile): string | null {
  const { sizeBytes, hash } = file
  const one = (name: string, expected: string) => {
    const other = hubHeaders
      .map((headers) => headers.get(name))
      .find((value) => value !== null && bare(value) !== expected)
    return other === undefined || other === null
      ? null
      : `expected ${expected}, the Hub says ${other.slice(0, 80)} (${name})`
  }
  // Of a small file the Hub sends the bytes itself, and their tag is git's hash.
  const isOwn = !isForeign && hash.kind === 'git-blob'
  const tag = isOwn ? response.headers.get('etag') : null
  return (
    one('x-repo-commit', commit) ??
    one('x-linked-size', String(sizeBytes)) ??
    one('x-linked-etag', hash.hex) ??
    (tag === null || bare(tag) === hash.hex ? null : `expected ${hash.hex}, the Hub says ${tag.slice(0, 80)} (etag)`)
  )
}

/** An entity tag without its marks. */
function bare(tag: string): string {
  return tag.replace(/^W\//, '').replaceAll('"', '')
}

/** A server may ignore a range and send everything; it may not send another part. */
function rangeProblem(
  { status, headers }: Response,
  { sizeBytes }: HubFile,
  offset: number,
  end: number,
): string | null {
  if ((headers.get('content-encoding') ?? 'identity') !== 'identity')
    return 'the bytes are compressed, though that was not asked for'
  if (status === 206) {
    const expected = `bytes ${offset}-${end - 1}/${sizeBytes}`
    const given = headers.get('content-range')
    return given === expected ? null : `expected ${expected}, got ${given?.slice(0, 60) ?? 'no range'}`
  }
  if (status !== 200) return `the file server answered ${status}`
  const length = headers.get('content-length')
  return length === null || length === String(sizeBytes)
    ? null
    : `expected ${sizeBytes} bytes, got ${length.slice(0, 30)}`
}
