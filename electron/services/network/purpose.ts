// What a request is for, in words, from its address: the ledger is read by people.
import type { Endpoint } from '../hub/endpoint.ts'

/** The path alone: a query may be a secret (signed addresses). */
export function shownPath(address: string): string {
  return new URL(address).pathname.slice(0, 500)
}

export function purposeOf(address: string, { origin, base }: Pick<Endpoint, 'origin' | 'base'>): string {
  const url = new URL(address)
  if (url.origin !== origin) return 'contents of a file'
  const path = decoded(url.pathname.slice(new URL(base).pathname.replace(/\/$/, '').length))
  const [, listed] = /^\/api\/models\/([^/]+\/[^/]+)\/tree\//.exec(path) ?? []
  if (listed !== undefined) return `list of files of ${listed}`
  const [, pinned] = /^\/api\/models\/([^/]+\/[^/]+)\/revision\//.exec(path) ?? []
  if (pinned !== undefined) return `what ${pinned} is`
  const [, cached, rest] = /^\/api\/resolve-cache\/models\/([^/]+\/[^/]+)\/[^/]+\/(.+)$/.exec(path) ?? []
  if (cached !== undefined) return `${rest} of ${cached}`
  const [, repository, file] = /^\/([^/]+\/[^/]+)\/resolve\/[^/]+\/(.+)$/.exec(path) ?? []
  if (repository !== undefined) return `${file} of ${repository}`
  if (path === '/api/models') return `search for ${JSON.stringify(url.searchParams.get('search') ?? '')}`
  return 'a question to the Hub'
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
