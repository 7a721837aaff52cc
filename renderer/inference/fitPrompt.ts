// A model reads a fixed number of tokens. What does not fit is left out at the old end: the start of a text, or the oldest turns.
import type { PromptTemplate } from '../../shared/model.ts'
import { type Around, renderPieces, sentTurns, type Turn } from '../../shared/prompts/renderTurns.ts'

export interface Budget {
  readonly contextTokens: number
  /** Tokens the reply may take. At most half of the context is kept free for it. */
  readonly maxTokens: number
  /** Tokens sent before the text: 1 with BOS, else 0. */
  readonly prefixTokens: number
}

/** Tokens the prompt may take, with those sent before the text. */
export function roomForPrompt({ contextTokens, maxTokens }: Budget): number {
  return contextTokens - Math.min(maxTokens, Math.floor(contextTokens / 2))
}

/**
 * The end of the text that fits, cut before a word where one is near, and how many characters were left out. `countTokens` grows with the text up to
 * a token or two at the cut, so the search ends with a step forward.
 */
export function fitText(
  text: string,
  limitTokens: number,
  countTokens: (text: string) => number,
): { readonly text: string; readonly omittedCharacters: number } {
  if (countTokens(text) <= limitTokens) return { text, omittedCharacters: 0 }
  let fits = text.length
  let tooLong = 0
  while (fits - tooLong > 1) {
    const middle = Math.floor((fits + tooLong) / 2)
    if (countTokens(text.slice(middle)) <= limitTokens) fits = middle
    else tooLong = middle
  }
  const nextWord = text.slice(fits - 1, fits + 40).search(/(?<=\s)\S/)
  const start = wholeCharacter(text, nextWord > 0 ? fits - 1 + nextWord : fits)
  return { text: text.slice(start), omittedCharacters: start }
}

export type FittedTurns =
  | {
      readonly kind: 'fits'
      readonly turns: readonly Turn[]
      readonly omittedTurns: number
      readonly promptTokens: number
      /** Of all turns, had none been left out. */
      readonly wholeTokens: number
    }
  | { readonly kind: 'too-long'; readonly promptTokens: number }

/**
 * The newest turns that fit, oldest dropped first, always starting with a user turn. A single last turn may also use the room kept for the reply, down
 * to 16 tokens; when it is longer than that, nothing is sent.
 */
export function fitTurns(
  prompt: PromptTemplate,
  turns: readonly Turn[],
  budget: Budget,
  countTokens: (text: string) => number,
  around: Around = {},
  sendsEarlierTurns = false,
): FittedTurns {
  const sendable = sentTurns(prompt, turns, sendsEarlierTurns)
  const count = (some: readonly Turn[]) =>
    renderPieces(prompt, some, around).pieces.reduce((sum, { text }) => sum + countTokens(text), budget.prefixTokens)
  const wholeTokens = count(sendable)
  let kept = sendable
  let promptTokens = wholeTokens
  while (kept.length > 1 && promptTokens > roomForPrompt(budget)) {
    kept = sentTurns(prompt, kept.slice(1), true)
    promptTokens = count(kept)
  }
  if (promptTokens > budget.contextTokens - Math.min(16, budget.maxTokens)) return { kind: 'too-long', promptTokens }
  return { kind: 'fits', turns: kept, omittedTurns: sendable.length - kept.length, promptTokens, wholeTokens }
}

/** Never cuts a surrogate pair in two. */
function wholeCharacter(text: string, start: number): number {
  const code = text.charCodeAt(start)
  return code >= 0xdc00 && code <= 0xdfff ? start + 1 : start
}
