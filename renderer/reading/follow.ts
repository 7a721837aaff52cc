// Parsing of one block whose text may still grow: never more than one parse under way, the next one a frame after it with the newest text.
import type { ParseAnswer, ParseRequest } from './protocol.ts'
import type { Reader } from './reader.ts'

export interface Follower {
  want(request: ParseRequest, isPassing: boolean): void
  end(): void
}

export interface FollowParts {
  readonly reader: Reader
  /** The message that the block belongs to. */
  readonly owner: object
  readonly nextFrame: (call: () => void) => void
  readonly show: (request: ParseRequest, answer: ParseAnswer) => void
}

export function follow({ reader, owner, nextFrame, show }: FollowParts): Follower {
  const ended = new AbortController()
  let wanted: { readonly request: ParseRequest; readonly isPassing: boolean } | null = null
  let isBusy = false

  async function run(): Promise<void> {
    const next = wanted
    wanted = null
    if (next === null || ended.signal.aborted) {
      isBusy = false
      return
    }
    isBusy = true
    try {
      const answer = await reader.read(next.request, { owner, isPassing: next.isPassing }, ended.signal)
      if (!ended.signal.aborted) show(next.request, answer)
    } catch (error) {
      if (!ended.signal.aborted) throw error
      return
    }
    nextFrame(() => void run())
  }

  return {
    want(request, isPassing) {
      wanted = { request, isPassing }
      if (!isBusy) void run()
    },
    end: () => ended.abort(),
  }
}
