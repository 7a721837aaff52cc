// What can go wrong with a Hub, by class: each has its own sentence and its own next step in the window.

export type HubProblem =
  /** What the person or the Hub named is no repository id, revision or file name. */
  | { readonly code: 'bad-name'; readonly name: string; readonly detail: string }
  /** Hubs answer the same for a private repository and one that does not exist. */
  | { readonly code: 'missing'; readonly what: 'repository' | 'revision' | 'file'; readonly name: string }
  /** The publisher's terms have to be accepted on the Hub's page, by a person with a token. */
  | { readonly code: 'gated'; readonly name: string; readonly withToken: boolean }
  | { readonly code: 'disabled'; readonly name: string }
  /** The token is wrong or may not read this. */
  | { readonly code: 'token-refused'; readonly name: string }
  | { readonly code: 'rate-limited'; readonly retryAfterSeconds: number | null }
  /** A signed address of the file server ran out: ask the Hub again. */
  | { readonly code: 'link-expired'; readonly name: string }
  /** No connection: names, routes, certificates, resets, time-outs. */
  | { readonly code: 'offline'; readonly host: string; readonly detail: string }
  | { readonly code: 'server'; readonly host: string; readonly status: number }
  /** The file is not the one of the listing any more. */
  | { readonly code: 'changed'; readonly name: string; readonly detail: string }
  /** An answer no Hub gives: a login page, a redirect to nowhere good, broken JSON. */
  | { readonly code: 'unexpected'; readonly host: string; readonly detail: string }

/** An expected failure, as data. Its message carries no address with a query: signed addresses are secrets. */
export class HubError extends Error {
  override readonly name = 'HubError'
  readonly problem: HubProblem
  constructor(problem: HubProblem, options?: { cause?: unknown }) {
    super(sentence(problem), options)
    this.problem = problem
  }
}

function sentence(problem: HubProblem): string {
  switch (problem.code) {
    case 'bad-name':
      return `${JSON.stringify(problem.name.slice(0, 200))}: ${problem.detail}`
    case 'missing':
      return `${problem.name}: no such ${problem.what}, or it is private`
    case 'gated':
      return problem.withToken
        ? `${problem.name}: its terms must be accepted on the Hub's page`
        : `${problem.name}: its terms must be accepted on the Hub's page, and a token is needed`
    case 'disabled':
      return `${problem.name}: the Hub has disabled it`
    case 'token-refused':
      return `${problem.name}: the Hub refuses the token`
    case 'rate-limited':
      return problem.retryAfterSeconds === null
        ? 'the Hub asks for fewer requests'
        : `the Hub asks for fewer requests; again in ${problem.retryAfterSeconds} s`
    case 'link-expired':
      return `${problem.name}: the file server's link has expired`
    case 'offline':
      return `${problem.host}: no connection: ${problem.detail}`
    case 'server':
      return `${problem.host}: answered ${problem.status}`
    case 'changed':
      return `${problem.name}: ${problem.detail}`
    case 'unexpected':
      return `${problem.host}: ${problem.detail}`
    default:
      return problem satisfies never
  }
}
