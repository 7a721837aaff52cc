// The listing of a repository at a commit: page by page, each file with its size and the hash its bytes must have.
import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import { readJson } from './json.ts'
import { fileNameProblem, twinNames } from './names.ts'
import { HubError } from './problem.ts'
import { ask, type HubFetch } from './request.ts'
import { checkStatus } from './status.ts'

/** sha256 of the content for large files, git's blob id (SHA-1 over a header and the content) for the others. */
export type FileHash =
  | { readonly kind: 'sha256'; readonly hex: string }
  | { readonly kind: 'git-blob'; readonly hex: string }

export interface HubFile {
  /** Its name within the repository. A name, not a path of this disk. */
  readonly name: string
  readonly sizeBytes: number
  readonly hash: FileHash
}

const size = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
const entry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('directory'), path: z.string() }),
  z.object({
    type: z.literal('file'),
    path: z.string(),
    size,
    oid: z.string().regex(/^[0-9a-f]{40}$/),
    lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size }).optional(),
  }),
])
const page = z.array(entry)

const maximumPages = 1000
const maximumFiles = 100_000

/** Every file. Rejects with HubError; one bad name, hash or size refuses the whole listing. */
export async function listFiles(
  { fetch, endpoint, now }: { readonly fetch: HubFetch; readonly endpoint: Endpoint; readonly now: () => number },
  { id, commit }: { readonly id: string; readonly commit: string },
  signal: AbortSignal,
): Promise<readonly HubFile[]> {
  const { host } = new URL(endpoint.origin)
  const unexpected = (detail: string) => new HubError({ code: 'unexpected', host, detail })
  const files: HubFile[] = []
  const visited = new Set<string>()
  let next: string | null = `${endpoint.base}/api/models/${id}/tree/${commit}?recursive=true&expand=false`
  while (next !== null) {
    if (visited.has(next)) throw unexpected('its listing leads back to itself')
    visited.add(next)
    if (visited.size > maximumPages) throw unexpected(`its listing has more than ${maximumPages} pages`)
    const answer = await ask(fetch, endpoint, { url: next, headers: { accept: 'application/json' } }, signal)
    await checkStatus(answer, { name: id, what: 'revision', host, withToken: endpoint.token !== null }, now())
    for (const one of await readJson(answer.response, host, page, signal))
      if (one.type === 'file') files.push(fileOf(one, host))
    if (files.length > maximumFiles) throw unexpected(`its listing has more than ${maximumFiles} files`)
    next = nextPage(answer.response.headers.get('link'), next, endpoint)
  }
  const [twin] = twinNames(files.map(({ name }) => name))
  if (twin !== undefined)
    throw new HubError({ code: 'bad-name', name: twin, detail: 'another file differs only in case' })
  return files
}

function fileOf(file: Extract<z.infer<typeof entry>, { readonly type: 'file' }>, host: string): HubFile {
  const { path: name, size: sizeBytes, oid, lfs } = file
  const problem = fileNameProblem(name)
  if (problem !== null) throw new HubError({ code: 'bad-name', name, detail: problem })
  if (lfs !== undefined && lfs.size !== sizeBytes)
    throw new HubError({ code: 'unexpected', host, detail: `it gives two sizes for ${name}` })
  return {
    name,
    sizeBytes,
    hash: lfs === undefined ? { kind: 'git-blob', hex: oid } : { kind: 'sha256', hex: lfs.oid },
  }
}

/** `Link: <address>; rel="next"`. The token goes along, so the address must be the Hub's own. */
function nextPage(link: string | null, current: string, { origin }: Endpoint): string | null {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(link ?? '')?.[1]
  if (target === undefined) return null
  const url = URL.parse(target, current)
  if (url?.origin === origin) return url.href
  throw new HubError({ code: 'unexpected', host: new URL(origin).host, detail: 'its listing goes on at another host' })
}
