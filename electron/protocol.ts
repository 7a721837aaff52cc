// The addresses the window can reach: app://bundle (the page's own files) and, read-only, files of installed models: hearth-model://store checks what it
// gives, hearth-weights://store leaves large files to Chromium and the check to the page's worker. No path is ever derived from an address: app: is a fixed
// table read at start, the others are a key and an index looked up in the library.
import { readdirSync } from 'node:fs'
import { readFile, realpath } from 'node:fs/promises'
import { extname, isAbsolute, join, relative, sep } from 'node:path'
import type { ProtocolRequest, ProtocolResponse } from 'electron'
import type { StoredFile } from '../shared/model.ts'
import { parseRange } from './services/range.ts'
import { canVerify, DamagedBlock, verifiedRange } from './services/verifiedFile.ts'

export const appOrigin = 'app://bundle'
/** The only page there is. */
export const pageUrl = 'app://bundle/index.html'

/** For protocol.registerSchemesAsPrivileged, before the app is ready. */
export const schemes = [
  { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  {
    scheme: 'hearth-model',
    privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, stream: true },
  },
  {
    scheme: 'hearth-weights',
    privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, stream: true },
  },
]

export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self' hearth-model: hearth-weights:",
  "form-action 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join('; ')

const everyAnswer = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

const pageHeaders = {
  ...everyAnswer,
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
}

const modelHeaders = {
  ...everyAnswer,
  'access-control-allow-origin': appOrigin,
  'cross-origin-resource-policy': 'cross-origin',
  'cache-control': 'no-store',
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

/** Every file below `folder`, by its whole address. What is not in this table does not exist for the window. */
export function listAppFiles(folder: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && extname(entry.name) in contentTypes)
      .map((entry) => {
        const path = join(entry.parentPath, entry.name)
        return [`${appOrigin}/${relative(folder, path).split(sep).join('/')}`, path]
      }),
  )
}

/** Answers `app:` from the table of `listAppFiles`: exact addresses only, GET and HEAD only. */
export function answerApp(files: ReadonlyMap<string, string>) {
  return async (request: Request): Promise<Response> => {
    if (!isReading(request)) return refuse(405, pageHeaders)
    const path = files.get(request.url)
    if (path === undefined) return refuse(404, pageHeaders)
    const content = await readFile(path)
    return new Response(request.method === 'HEAD' ? null : content, {
      headers: {
        ...pageHeaders,
        'content-type': contentTypes[extname(path)] ?? 'application/octet-stream',
        'content-length': String(content.byteLength),
      },
    })
  }
}

/** What the model protocol needs of the library. */
export interface ModelFiles {
  /** `isInPlace`: it belongs to another program, and its path is the real one that the store's database names. */
  file(
    key: string,
    index: number,
  ): Promise<(StoredFile & { readonly path: string; readonly isInPlace?: boolean }) | null>
}

const modelAddress = /^hearth-(?:model|weights):\/\/store\/m\/([0-9a-f]{64})\/(0|[1-9][0-9]{0,4})$/

/**
 * Answers `hearth-model:` from the library: whole files or one range, each block checked against the manifest before any byte of it is given. 422: the
 * first block is damaged; a later one breaks the answer off. A file that a link leads out of `roots`, or that no hash in the manifest covers in parts, is not
 * served.
 */
export function answerModel(library: ModelFiles, roots: readonly string[]) {
  return async (request: Request): Promise<Response> => {
    if (!isReading(request)) return refuse(405, modelHeaders)
    const [, key, index] = modelAddress.exec(request.url) ?? []
    if (key === undefined || index === undefined) return refuse(404, modelHeaders)
    const file = await library.file(key, Number(index))
    if (file === null || !canVerify(file) || !(await isServed(file, roots))) return refuse(404, modelHeaders)
    const asked = request.headers.get('range')
    const range = asked === null ? { start: 0, end: file.sizeBytes - 1 } : parseRange(asked, file.sizeBytes)
    if (range === null) return refuse(416, { ...modelHeaders, 'content-range': `bytes */${file.sizeBytes}` })
    const lengthBytes = range.end - range.start + 1
    let body: ReadableStream<Uint8Array<ArrayBuffer>> | null = null
    try {
      if (request.method !== 'HEAD' && lengthBytes > 0) body = await verifiedRange(file, range)
    } catch (error) {
      if (error instanceof DamagedBlock) return refuse(422, modelHeaders)
      throw error
    }
    return new Response(body, {
      status: asked === null ? 200 : 206,
      headers: {
        ...modelHeaders,
        'content-type': 'application/octet-stream',
        'accept-ranges': 'bytes',
        'content-length': String(lengthBytes),
        ...(asked === null ? {} : { 'content-range': `bytes ${range.start}-${range.end}/${file.sizeBytes}` }),
      },
    })
  }
}

/**
 * Answers `hearth-weights:` with the path of a file that Chromium reads itself, whole or one range: three times as fast as through this process. The bytes
 * are checked by the worker that asked.
 */
export function answerWeights(library: ModelFiles, roots: readonly string[]) {
  return async ({ method, url }: Pick<ProtocolRequest, 'method' | 'url'>): Promise<ProtocolResponse> => {
    const [, key, index] = modelAddress.exec(url) ?? []
    if (method !== 'GET' || key === undefined || index === undefined) return { error: fileNotFound }
    const file = await library.file(key, Number(index))
    if (file === null || !(await isServed(file, roots))) return { error: fileNotFound }
    return { path: file.path, headers: weightsHeaders }
  }
}

/** Chromium's net::ERR_FILE_NOT_FOUND. */
const fileNotFound = -6
/** Electron itself adds the header that lets other origins read: there are none. */
const { 'access-control-allow-origin': _, ...shared } = modelHeaders
const weightsHeaders = { ...shared, 'content-type': 'application/octet-stream' }

function isReading(request: Request): boolean {
  return request.method === 'GET' || request.method === 'HEAD'
}

function refuse(status: number, headers: Readonly<Record<string, string>>): Response {
  return new Response(null, { status, headers })
}

/** Whether the real file lies where its path says: links may not lead elsewhere. */
async function isServed(
  { path, isInPlace = false }: { readonly path: string; readonly isInPlace?: boolean },
  roots: readonly string[],
): Promise<boolean> {
  if (isInPlace) return (await realpath(path).catch(() => null)) === path
  return await isInside(path, roots)
}

/** Below one of the roots. */
async function isInside(path: string, roots: readonly string[]): Promise<boolean> {
  const root = roots.find((folder) => isBelow(relative(folder, path)))
  if (root === undefined) return false
  try {
    const [realRoot, realFile] = await Promise.all([realpath(root), realpath(path)])
    return relative(realRoot, realFile) === relative(root, path)
  } catch {
    return false
  }
}

function isBelow(relativePath: string): boolean {
  return relativePath !== '' && !isAbsolute(relativePath) && relativePath.split(sep)[0] !== '..'
}
