// The file server's side: content by its hash behind a signed address, with ranges. It refuses a request that carries credentials beside the signature, as
// object stores do.
import { createHash, createHmac } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { HubState, SeenRequest } from './localHub.ts'

const key = 'file-server'

export function signedAddress({ fileOrigin }: Pick<HubState, 'fileOrigin'>, sha256: string): string {
  return `${fileOrigin}/xet-bridge-us/${sha256}?Expires=4102444800&Signature=${signature(sha256)}&Key-Pair-Id=K1`
}

export function fileServerAnswer(
  state: HubState,
  { url, headers, method }: SeenRequest,
  response: ServerResponse,
): ServerResponse {
  const { pathname, searchParams } = new URL(url, state.fileOrigin)
  const sha256 = pathname.slice(pathname.lastIndexOf('/') + 1)
  if (searchParams.get('Signature') !== signature(sha256)) return refuse(response, 403, 'AccessDenied')
  if (headers.authorization !== undefined) return refuse(response, 400, 'InvalidArgument')
  const files = state.repositories.flatMap((repository) => repository.files)
  const bytes = files.find((file) => file.large && digest(file.bytes) === sha256)?.bytes
  if (bytes === undefined) return refuse(response, 404, 'NoSuchKey')
  // Sixty-four digits like a sha256, and another value: whoever trusts it sees every file change.
  response.setHeader('etag', `"${digest(Buffer.from(sha256))}"`)
  response.setHeader('accept-ranges', 'bytes')
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? []
  const start = Number(first ?? 0)
  const end = last ? Math.min(Number(last) + 1, bytes.byteLength) : bytes.byteLength
  if (start >= bytes.byteLength && first !== undefined) {
    response.setHeader('content-range', `bytes */${bytes.byteLength}`)
    return refuse(response, 416, 'InvalidRange')
  }
  const part = bytes.subarray(start, end)
  if (first !== undefined) response.setHeader('content-range', `bytes ${start}-${end - 1}/${bytes.byteLength}`)
  response.writeHead(first === undefined ? 200 : 206, { 'content-length': part.byteLength })
  return response.end(method === 'HEAD' ? undefined : part)
}

function refuse(response: ServerResponse, status: number, code: string): ServerResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`
  return response.writeHead(status, { 'content-type': 'application/xml' }).end(body)
}

function signature(sha256: string): string {
  return createHmac('sha256', key).update(sha256).digest('hex')
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
