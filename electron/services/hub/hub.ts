// The Hub as the app sees it: a name becomes a pinned commit, a commit a list of files with hashes, a file a stream of bytes. Everything after the first
// step asks for the commit, so a branch that moves meanwhile changes nothing.
import { z } from 'zod'
import type { FoundRepository } from '../../../shared/inspect/report.ts'
import { type Endpoint, repositoryHosts } from './endpoint.ts'
import { type HubFile, listFiles } from './files.ts'
import { readJson } from './json.ts'
import { checkRevision, commitPattern, isRepositoryId, readRepository } from './names.ts'
import { type FileRequest, type OpenFile, openFile } from './openFile.ts'
import { HubError } from './problem.ts'
import { readFile } from './readFile.ts'
import { ask, type HubFetch } from './request.ts'
import { searchModels } from './search.ts'
import { checkStatus } from './status.ts'

export interface PinnedRepository {
  /** publisher/name, as the Hub spells it now: a repository may have been renamed. */
  readonly id: string
  /** 40 hexadecimal digits. */
  readonly commit: string
  /** Its terms have to be accepted before its files are given out. */
  readonly isGated: boolean
  readonly tags: readonly string[]
}

/** All reject with HubError, or with the signal's reason. */
export interface Hub {
  /** From publisher/name or the address of a page; `main` where no revision is named. */
  pin(repository: string, signal: AbortSignal): Promise<PinnedRepository>
  listFiles(repository: Pick<PinnedRepository, 'id' | 'commit'>, signal: AbortSignal): Promise<readonly HubFile[]>
  openFile(request: FileRequest, signal: AbortSignal): Promise<OpenFile>
  /** A small file whole, its hash checked. */
  readFile(request: Omit<FileRequest, 'offset'>, maximumBytes: number, signal: AbortSignal): Promise<Uint8Array>
  /** Repositories of models that write text, by words of their names. */
  search(text: string, signal: AbortSignal): Promise<readonly FoundRepository[]>
}

export interface HubOptions {
  readonly fetch: HubFetch
  readonly endpoint: Endpoint
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const modelInfo = z.object({
  id: z.string(),
  sha: z.string().regex(commitPattern),
  gated: z.union([z.boolean(), z.string()]).optional(),
  tags: z.array(z.string()).max(10_000).optional(),
})

export function createHub(options: HubOptions): Hub {
  const { fetch, endpoint, now } = options
  const { host } = new URL(endpoint.origin)
  return {
    async pin(repository, signal) {
      const { id, revision } = readRepository(repository, repositoryHosts(endpoint))
      const url = `${endpoint.base}/api/models/${id}/revision/${encodeURIComponent(checkRevision(revision ?? 'main'))}`
      const answer = await ask(fetch, endpoint, { url, headers: { accept: 'application/json' } }, signal)
      await checkStatus(answer, { name: id, what: 'repository', host, withToken: endpoint.token !== null }, now())
      const info = await readJson(answer.response, host, modelInfo, signal)
      if (commitPattern.test(revision ?? '') && info.sha !== revision) {
        const detail = `asked for commit ${revision}, the Hub answers for ${info.sha}`
        throw new HubError({ code: 'changed', name: id, detail })
      }
      if (!isRepositoryId(info.id))
        throw new HubError({ code: 'bad-name', name: info.id, detail: 'the Hub calls it so' })
      return { id: info.id, commit: info.sha, isGated: (info.gated ?? false) !== false, tags: info.tags ?? [] }
    },
    listFiles: async (repository, signal) => await listFiles(options, checked(repository), signal),
    openFile: async (request, signal) => await openFile(options, { ...request, ...checked(request) }, signal),
    readFile: async (request, maximumBytes, signal) =>
      await readFile(options, { ...request, ...checked(request), maximumBytes }, signal),
    search: async (text, signal) => await searchModels(options, text, signal),
  }
}

/** Both go into addresses. */
function checked<T extends Pick<PinnedRepository, 'id' | 'commit'>>({
  id,
  commit,
}: T): Pick<PinnedRepository, 'id' | 'commit'> {
  if (!isRepositoryId(id) || !commitPattern.test(commit)) throw new Error(`not pinned: ${id} at ${commit}`)
  return { id, commit }
}
