// The exact pieces web-llm feeds to the tokenizer for a conversation, one string per turn: each is encoded on its own. Used to count tokens before a
// request and to show the prompt as the model reads it.
import type { PromptTemplate } from '../model.ts'
import { turnPieces } from './convTemplate.ts'

export interface Turn {
  readonly role: 'user' | 'assistant'
  readonly text: string
}

/** Every turn wrapped in the template, then the opened reply. BOS is not part of it: it is sent as a token id. */
export function renderTurns(prompt: PromptTemplate, turns: readonly Turn[]): readonly string[] {
  const pieces = turnPieces(prompt)
  return [
    ...turns.map(({ role, text }) =>
      role === 'user'
        ? pieces.userRole + pieces.contentGap + text + pieces.userEnd
        : pieces.assistantRole + pieces.contentGap + text + pieces.assistantEnd,
    ),
    pieces.assistantRole + pieces.replyGap,
  ]
}

/**
 * The turns a model is sent: of a single-turn model the last user turn only; otherwise all, without leading assistant turns (web-llm wants the user
 * first and last).
 */
export function sentTurns(prompt: PromptTemplate, turns: readonly Turn[]): readonly Turn[] {
  if (prompt.kind === 'turns' && prompt.singleTurn) return turns.slice(-1)
  const firstUser = turns.findIndex((turn) => turn.role === 'user')
  return firstUser < 0 ? [] : turns.slice(firstUser)
}
