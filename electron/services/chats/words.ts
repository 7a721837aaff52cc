// What is searched for, as words. Scripts that are written without spaces (Chinese, Japanese, Thai ...) and Korean, whose words carry endings, are indexed
// character by character in a column of their own, with what is written up against them; so any part is found, also a single character. A trigram index finds
// nothing below three characters and would be larger for everybody. Nothing that a person types is ever syntax of the index.
import { hasKeyCap, signsIn, signsQuery, withoutKeyCaps } from './signs.ts'

const spaceless =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}]/u
/** Letters and numbers without anything between them. */
const run = /[\p{L}\p{N}\p{M}\p{Co}]+/gu
/** Of a run: single characters of such scripts, and what stands between them as it is. */
const piece = new RegExp(`${spaceless.source}|(?:(?!${spaceless.source})[\\s\\S])+`, 'gu')

/** Newer than the index's list of signs, and directions, which it takes for letters: a word that touches one is another word there. */
const glue = /(?![\p{L}\p{N}\p{Co}\p{M}\s\p{P}\0-\u058c\u2000-\u2064\u206a-\u206f\u2190-\u22ff])[\s\S]|[\u2e3c-\u2e7f]/u
const chunk = new RegExp(`(?:(?!${spaceless.source})\\S)+`, 'gu')
const everyGlue = new RegExp(glue.source, 'gu')

/** Runs with characters of such scripts, in pieces with spaces between, and what touches a sign that the index takes for a letter; null where nothing is. */
export function soughtPart(text: string): string | null {
  const runs = spaceless.test(text) ? (text.match(run) ?? []).filter((one) => spaceless.test(one)) : []
  const freed = glue.test(text) || hasKeyCap(text) ? (text.match(chunk) ?? []).filter(isGlued).map(withoutGlue) : []
  const parts = [...runs.map(inPieces), ...new Set(freed)]
  return parts.length === 0 ? null : parts.join(' ')
}

const isGlued = (text: string) => (glue.test(text) || hasKeyCap(text)) && word.test(text)
const withoutGlue = (text: string) => withoutKeyCaps(text).replaceAll(everyGlue, ' ').trim()

function inPieces(text: string): string {
  return (text.match(piece) ?? []).join(' ')
}

export interface Terms {
  /** Of the index; null where there is nothing to look for. */
  readonly query: string | null
  /** To mark in the text, which the index cannot: what was typed of scripts without spaces, and signs. */
  readonly unmarked: readonly string[]
  /** To mark where nothing else is. */
  readonly words: readonly string[]
}

const word = /[\p{L}\p{N}\p{Co}]/u
/** In a word they mean something: C++, $5, rust=fast. Of other signs there (quotes, a full stop) people are not sure. */
const meant = /[\p{Sm}\p{Sc}\p{So}]|\u20e3/u

/** Every word and sign has to be in the message; the last word may go on. */
export function termsOf(text: string): Terms {
  const typed = text.replaceAll('\0', ' ').toWellFormed()
  const terms = typed.split(/\s+/u).map((term) => ({ term, letters: withoutGlue(term) }))
  const parts = terms.flatMap(({ letters }) => (word.test(letters) ? partsOf(letters) : []))
  const signs = terms.flatMap(({ term, letters }) =>
    signsIn(term).filter((one) => !word.test(letters) || meant.test(one)),
  )
  const mayGoOn = /[\p{L}\p{N}\p{Co}]\p{M}*$/u.test(withoutKeyCaps(typed))
  const query = parts.map(({ text: part, isSpaceless }, index) => {
    const phrase = isSpaceless ? `sought : ${quoted(inPieces(part))}` : `{text input sought} : ${quoted(part)}`
    return mayGoOn && index === parts.length - 1 ? `${phrase} *` : phrase
  })
  const all = [...query, ...signs.map(signsQuery)]
  return {
    query: all.length === 0 ? null : all.join(' AND '),
    unmarked: [...parts.flatMap((part) => (part.isSpaceless ? [part.text] : [])), ...signs],
    words: parts.flatMap((part) => (part.isSpaceless ? [] : [part.text])),
  }
}

interface Part {
  readonly text: string
  readonly isSpaceless: boolean
}

/** A term as one phrase; one with characters of scripts without spaces as its runs, as they are indexed. */
function partsOf(term: string): readonly Part[] {
  if (!spaceless.test(term)) return [{ text: term, isSpaceless: false }]
  const runs = (term.match(run) ?? []).filter((text) => word.test(text))
  return runs.map((text) => ({ text, isSpaceless: spaceless.test(text) }))
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
