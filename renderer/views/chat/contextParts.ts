// The context cut into what takes it. What does not fit any more is cut from the reply, then from the free rest, so that the parts never exceed the whole.
import type { ContextUse } from '../../state/chats/api.ts'

export interface ContextPart {
  readonly name: 'system' | 'history' | 'draft' | 'reply' | 'free'
  readonly tokens: number
}

export function contextParts(use: ContextUse): readonly ContextPart[] {
  let left = use.contextTokens
  const take = (wanted: number) => {
    const tokens = Math.max(0, Math.min(wanted, left))
    left -= tokens
    return tokens
  }
  return [
    { name: 'system', tokens: take(use.systemTokens) },
    { name: 'history', tokens: take(use.historyTokens) },
    { name: 'draft', tokens: take(use.draftTokens) },
    { name: 'reply', tokens: take(use.replyTokens) },
    { name: 'free', tokens: left },
  ]
}

/** Something is left out, or what is there with its reply leaves nothing. */
export function isFull(use: ContextUse): boolean {
  const { systemTokens, historyTokens, draftTokens, replyTokens, contextTokens, forgotten, cutId } = use
  return (
    forgotten.length > 0 || cutId !== null || systemTokens + historyTokens + draftTokens + replyTokens > contextTokens
  )
}
