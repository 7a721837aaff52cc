// A refusal's class, from status and headers. Hugging Face puts the reason into X-Error-Code; a missing repository answers 401 to who has no token.
import { HubError, type HubProblem } from './problem.ts'
import type { HubAnswer } from './request.ts'

export interface Asked {
  /** For the sentence: a repository id, or a file with its repository. */
  readonly name: string
  readonly what: 'repository' | 'revision' | 'file'
  readonly host: string
  readonly withToken: boolean
}

/** Throws the HubError of an answer that is no success; its body is discarded. `nowMs`: for a Retry-After that names a date. */
export async function checkStatus({ response, isForeign }: HubAnswer, asked: Asked, nowMs: number): Promise<void> {
  if (response.ok) return
  await response.body?.cancel()
  throw new HubError(isForeign ? foreignProblem(response, asked, nowMs) : hubProblem(response, asked, nowMs))
}

function hubProblem({ status, headers }: Response, asked: Asked, nowMs: number): HubProblem {
  const { name, what, host, withToken } = asked
  switch (headers.get('x-error-code')) {
    case 'RepoNotFound':
      return { code: 'missing', what: 'repository', name }
    case 'RevisionNotFound':
      return { code: 'missing', what: 'revision', name }
    case 'EntryNotFound':
      return { code: 'missing', what: 'file', name }
    case 'GatedRepo':
      return { code: 'gated', name, withToken }
  }
  if (headers.get('x-error-message')?.includes('is disabled')) return { code: 'disabled', name }
  if (status === 401) return withToken ? { code: 'token-refused', name } : { code: 'missing', what: 'repository', name }
  if (status === 403) return { code: 'token-refused', name }
  if (status === 404 || status === 410) return { code: 'missing', what, name }
  if (status === 429) return { code: 'rate-limited', retryAfterSeconds: retryAfter(headers, nowMs) }
  return { code: 'server', host, status }
}

function foreignProblem({ status, headers }: Response, { name, host }: Asked, nowMs: number): HubProblem {
  if (status === 401 || status === 403) return { code: 'link-expired', name }
  if (status === 404 || status === 410) return { code: 'missing', what: 'file', name }
  if (status === 429) return { code: 'rate-limited', retryAfterSeconds: retryAfter(headers, nowMs) }
  return { code: 'server', host: `the file server of ${host}`, status }
}

/** `RateLimit: "api";r=0;t=172` says when the window ends; otherwise Retry-After in seconds or as a date. At most an hour is believed. */
export function retryAfter(headers: Headers, nowMs: number): number | null {
  const limit = headers.get('ratelimit') ?? ''
  const reset = /;\s*r=0\b/.test(limit) ? /;\s*t=(\d{1,9})\b/.exec(limit)?.[1] : undefined
  const header = headers.get('retry-after')?.trim() ?? ''
  const seconds =
    reset !== undefined
      ? Number(reset) + 1
      : /^\d{1,9}$/.test(header)
        ? Number(header)
        : Math.ceil((Date.parse(header) - nowMs) / 1000)
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 3600) : null
}
