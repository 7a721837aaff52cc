// What is searched for, as words. Scripts that are written without spaces (Chinese, Japanese, Thai ...) and Korean, whose words carry endings, are indexed
// character by character in a column of their own, with what is written up against them; so any part is found, also a single character. A trigram index finds
// nothing below three characters and would be larger for everybody. Nothing that a person types is ever syntax of the index.

const spaceless =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}]/u
/** Letters and numbers without anything between them. */
const run = /[\p{L}\p{N}\p{M}\p{Co}]+/gu
/** Of a run: single characters of such scripts, and what stands between them as it is. */
const piece = new RegExp(`${spaceless.source}|(?:(?!${spaceless.source})[\\s\\S])+`, 'gu')

/** Runs with characters of such scripts, in pieces with spaces between; null where there are none. */
export function soughtPart(text: string): string | null {
  if (!spaceless.test(text)) return null
  const runs = (text.match(run) ?? []).filter((one) => spaceless.test(one))
  return runs.length === 0 ? null : runs.map(inPieces).join(' ')
}

function inPieces(text: string): string {
  return (text.match(piece) ?? []).join(' ')
}

export interface Terms {
  /** Of the index; null where nothing in the text is a word. */
  readonly query: string | null
  /** Signs that are no words (`->`, an emoji): they are looked for in the texts themselves. */
  readonly signs: readonly string[]
  /** Of scripts without spaces: to mark in the text, which the index cannot. */
  readonly runs: readonly string[]
  /** To mark where nothing else is. */
  readonly words: readonly string[]
}

const word = /[\p{L}\p{N}\p{Co}]/u

/** Every word has to be in the message; the last one may go on. */
export function termsOf(text: string): Terms {
  const typed = text.replaceAll('\0', ' ').toWellFormed()
  const terms = typed.split(/\s+/u).filter((term) => term !== '')
  const parts = terms.filter((term) => word.test(term)).flatMap(partsOf)
  const mayGoOn = word.test(typed.slice(-1)) || /\p{M}$/u.test(typed)
  const query = parts.map(({ text: part, isSpaceless }, index) => {
    const phrase = isSpaceless ? `sought : ${quoted(inPieces(part))}` : `{text input sought} : ${quoted(part)}`
    return mayGoOn && index === parts.length - 1 ? `${phrase} *` : phrase
  })
  return {
    query: query.length === 0 ? null : query.join(' AND '),
    signs: terms.filter((term) => !word.test(term)),
    runs: parts.flatMap((part) => (part.isSpaceless ? [part.text] : [])),
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
