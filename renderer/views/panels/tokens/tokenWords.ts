// Tokens for the eye and for the ear: spaces and line breaks are seen, and probabilities are words before they are colours.
import { decimalText } from '../../../words/units.ts'
import { t } from '../../../words/words.ts'

const marks: Readonly<Record<string, string>> = { ' ': '·', '\n': '⏎', '\r': '␍', '\t': '⇥' }

/** What is not seen and may act on what stands beside it: control characters and those that turn the direction of writing. */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about.
  /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu

const codeOf = (letter: string) => (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')

/** ` cat\n` -> `·cat⏎`; what is not seen as its number: `⟨202E⟩`. */
export function shownText(text: string): string {
  if (text === '') return '∅'
  return text
    .replaceAll(/[ \n\r\t]/g, (letter) => marks[letter] ?? letter)
    .replaceAll(unseen, (letter) => `⟨${codeOf(letter)}⟩`)
}

/** The same value in JSON in which nothing is unseen, so that it survives every clipboard. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll(unseen, (letter) =>
    letter === '\n'
      ? letter
      : letter
          .split('')
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          .join(''),
  )
}

/** For a screen reader: what is seen only as a mark is said. */
export function spokenText(text: string): string {
  if (text === '') return t('tokens.empty')
  if (text.trim() === '')
    return [...text].map((letter) => t(letter === '\n' ? 'tokens.newline' : 'tokens.space')).join(' ')
  return text.trim().replaceAll(unseen, (letter) => `⟨${codeOf(letter)}⟩`)
}

/** null: probability 0. */
export function probabilityOf(logProbability: number | null): number {
  return logProbability === null ? 0 : Math.min(1, Math.exp(logProbability))
}

/** 0.874 -> `87 %`; what is small keeps a digit that says something. */
export function chanceText(probability: number): string {
  if (probability === 0) return t('tokens.never')
  const percent = probability * 100
  if (percent < 0.01) return t('tokens.below', { percent: decimalText(0.01, 2) })
  // 99.7 is not certain.
  const digits = percent >= 10 && percent <= 99 ? 0 : percent >= 1 ? 1 : 2
  return t('tokens.percent', { percent: decimalText(percent, percent === 100 ? 0 : digits) })
}

/** Without the unit, for a chip. */
export function shortChance(probability: number): string {
  const percent = Math.round(probability * 100)
  return percent === 0 && probability > 0 ? '<1' : String(percent)
}

export const levels = [0.05, 0.2, 0.5, 0.9] as const

/** 0 (unlikely) to 4 (nearly certain): the colour of a chip. */
export function levelOf(probability: number): number {
  return levels.filter((least) => probability >= least).length
}

export interface Likelihood {
  readonly tokens: number
  /** null: one of the tokens had probability 0. */
  readonly meanLogProbability: number | null
  readonly perplexity: number
}

/** null without tokens. */
export function likelihoodOf(tokens: readonly { readonly logProbability: number | null }[]): Likelihood | null {
  if (tokens.length === 0) return null
  const known = tokens.map(({ logProbability }) => logProbability).filter((value) => value !== null)
  if (known.length < tokens.length) {
    return { tokens: tokens.length, meanLogProbability: null, perplexity: Number.POSITIVE_INFINITY }
  }
  const meanLogProbability = known.reduce((sum, value) => sum + value, 0) / known.length
  return { tokens: known.length, meanLogProbability, perplexity: Math.exp(-meanLogProbability) }
}
