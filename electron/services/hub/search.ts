// Searching a Hub for models that write text. What comes back is a stranger's list: names that are no repository ids are left out, the rest is cut to size.
import { z } from 'zod'
import type { FoundRepository } from '../../../shared/inspect/report.ts'
import type { Endpoint } from './endpoint.ts'
import { readJson } from './json.ts'
import { isRepositoryId } from './names.ts'
import { ask, type HubFetch } from './request.ts'
import { checkStatus } from './status.ts'

const most = 30
const count = z.number().int().nonnegative().nullish().catch(null)
const found = z.object({
  id: z.string(),
  downloads: count,
  likes: count,
  gated: z.union([z.boolean(), z.string()]).nullish().catch(null),
  tags: z.array(z.string()).max(10_000).nullish().catch(null),
})
const answers = z.array(found).max(1000)

/** In the Hub's order, most downloaded first; at most 30. Rejects with HubError, or with the signal's reason. */
export async function searchModels(
  { fetch, endpoint, now }: { readonly fetch: HubFetch; readonly endpoint: Endpoint; readonly now: () => number },
  text: string,
  signal: AbortSignal,
): Promise<readonly FoundRepository[]> {
  const { host } = new URL(endpoint.origin)
  const query = new URLSearchParams({
    search: text.trim().slice(0, 200),
    filter: 'text-generation',
    sort: 'downloads',
    direction: '-1',
    limit: String(most),
  })
  // Without these the Hub's short answer does not say whether a repository is gated.
  for (const field of ['downloads', 'likes', 'gated', 'tags']) query.append('expand', field)
  const url = `${endpoint.base}/api/models?${query}`
  const answer = await ask(fetch, endpoint, { url, headers: { accept: 'application/json' } }, signal)
  await checkStatus(answer, { name: 'search', what: 'repository', host, withToken: endpoint.token !== null }, now())
  const models = await readJson(answer.response, host, answers, signal)
  const seen = new Set<string>()
  return models
    .filter(({ id }) => isRepositoryId(id) && !seen.has(id) && seen.add(id))
    .slice(0, most)
    .map(({ id, downloads, likes, gated, tags }) => ({
      repository: id,
      downloads: downloads ?? null,
      likes: likes ?? null,
      isGated: (gated ?? false) !== false,
      licence: licenceOf(tags ?? []),
      tags: (tags ?? []).filter((tag) => tag.length <= 100).slice(0, 40),
    }))
}

/** `license:apache-2.0`. */
function licenceOf(tags: readonly string[]): string | null {
  const tag = tags.find((one) => one.startsWith('license:'))
  return tag?.slice('license:'.length, 108) || null
}
