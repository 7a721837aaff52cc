// One request to the Hub with the redirects followed by hand: the token is sent to the configured origin only and, once another host was visited, not
// again; what the Hub says about a file stands only on its redirect, never on the file server's answer.
import { type Endpoint, redirectProblem } from './endpoint.ts'
import { HubError } from './problem.ts'

/** What is needed of fetch. It must not follow redirects itself. It may reject with a HubError of its own: switched-off. */
export type HubFetch = (
  url: string,
  init: {
    readonly method: 'GET' | 'HEAD'
    readonly headers: Readonly<Record<string, string>>
    readonly redirect: 'manual'
    readonly signal: AbortSignal
  },
) => Promise<Response>

export interface HubRequest {
  readonly url: string
  readonly method?: 'GET' | 'HEAD'
  /** Sent to every host. Nothing secret. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface HubAnswer {
  readonly response: Response
  /** Headers of the Hub's own answers, redirects among them. */
  readonly hubHeaders: readonly Headers[]
  /** The answer comes from another host than the Hub. */
  readonly isForeign: boolean
}

const maximumRedirects = 5
const redirects = new Set([301, 302, 303, 307, 308])

/** Rejects with HubError offline or unexpected, or with the signal's reason. Any status that is no redirect is an answer. */
export async function ask(
  fetch: HubFetch,
  endpoint: Endpoint,
  request: HubRequest,
  signal: AbortSignal,
): Promise<HubAnswer> {
  let url = new URL(request.url)
  let isForeign = false
  const hubHeaders: Headers[] = []
  for (let hop = 0; hop <= maximumRedirects; hop++) {
    isForeign ||= url.origin !== endpoint.origin
    const authorization = endpoint.token === null || isForeign ? {} : { authorization: `Bearer ${endpoint.token}` }
    const response = await connect(
      fetch,
      url,
      { ...request, headers: { ...request.headers, ...authorization } },
      signal,
    )
    if (!isForeign) hubHeaders.push(response.headers)
    if (!redirects.has(response.status)) return { response, hubHeaders, isForeign }
    await response.body?.cancel()
    const target = URL.parse(response.headers.get('location') ?? '', url.href)
    const problem = target === null ? 'it redirects to no address' : redirectProblem(target, endpoint)
    if (target === null || problem !== null)
      throw new HubError({ code: 'unexpected', host: url.host, detail: problem ?? '' })
    url = target
  }
  throw new HubError({ code: 'unexpected', host: url.host, detail: `it redirects more than ${maximumRedirects} times` })
}

async function connect(fetch: HubFetch, url: URL, request: HubRequest, signal: AbortSignal): Promise<Response> {
  try {
    const { method = 'GET', headers = {} } = request
    return await fetch(url.href, { method, headers, redirect: 'manual', signal })
  } catch (cause) {
    signal.throwIfAborted()
    // Switched off here, not cut off there.
    if (cause instanceof HubError) throw cause
    throw new HubError({ code: 'offline', host: url.host, detail: reasonOf(cause) }, { cause })
  }
}

/** Node's fetch says `fetch failed` and keeps the reason in its cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error) return reasonOf(error.cause)
  const code = (error as { readonly code?: unknown }).code
  return typeof code === 'string' ? code : error.message
}
