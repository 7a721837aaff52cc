// A model reads a fixed number of tokens. What does not fit is left out at the old end: the start of a text, or the oldest turns.
import type { PromptTemplate } from '../../shared/model.ts'
import { joinTurns, lastTurn } from '../../shared/prompts/joinTurns.ts'
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
  // From the end on, in growing steps: of a very long text most is never looked at.
  let fits = text.length
  let tooLong = 0
  for (let length = Math.max(64, 4 * limitTokens); ; length *= 2) {
    const start = Math.max(0, text.length - length)
    if (countTokens(text.slice(start)) > limitTokens) {
      tooLong = start
      break
    }
    if (start === 0) return { text, omittedCharacters: 0 }
    fits = start
  }
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
      /** Neighbours of one role are sent as one turn. */
      readonly turns: readonly Turn[]
      readonly omittedTurns: number
      /** From the start of the first turn that is left. */
      readonly omittedCharacters: number
      readonly promptTokens: number
      /** Of these: what stands in front of the newest part of the last turn, and is sent with it. */
      readonly gluedTokens: number
      /** Of all turns, had none been left out. */
      readonly wholeTokens: number
    }
  | { readonly kind: 'too-long'; readonly promptTokens: number }

/**
 * The newest turns that fit, oldest dropped first, always starting with a user turn; of one that may be cut the end stays, if it is more than a few words.
 * A single last turn may also use the room kept for the reply, down
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
    renderPieces(prompt, joinTurns(some), around).pieces.reduce(
      (sum, { text }) => sum + countTokens(text),
      budget.prefixTokens,
    )
  const roomTokens = roomForPrompt(budget)
  const wholeTokens = count(sendable)
  let kept = sendable
  let omittedTurns = 0
  let omittedCharacters = 0
  let promptTokens = wholeTokens
  while (promptTokens > roomTokens) {
    const [first, ...rest] = kept
    const cut = first?.mayBeCut ? fitText(first.text, roomTokens, (text) => count([{ ...first, text }, ...rest])) : null
    if (first !== undefined && cut !== null && cut.text.length >= shortestCut) {
      kept = [{ ...first, text: cut.text }, ...rest]
      omittedCharacters = cut.omittedCharacters
      promptTokens = count(kept)
      break
    }
    if (kept.length < 2) break
    kept = sentTurns(prompt, rest, true)
    omittedTurns = sendable.length - kept.length
    promptTokens = count(kept)
  }
  if (promptTokens > budget.contextTokens - Math.min(16, budget.maxTokens)) return { kind: 'too-long', promptTokens }
  const last = lastTurn(kept)
  const alone = [...kept.slice(0, kept.length - last.length), ...last.slice(-1)]
  const gluedTokens = last.length > 1 ? promptTokens - count(alone) : 0
  return { kind: 'fits', turns: kept, omittedTurns, omittedCharacters, promptTokens, gluedTokens, wholeTokens }
}

/** Fewer characters of a document say nothing. */
const shortestCut = 40

/** Never cuts a surrogate pair in two. */
function wholeCharacter(text: string, start: number): number {
  const code = text.charCodeAt(start)
  return code >= 0xdc00 && code <= 0xdfff ? start + 1 : start
}
