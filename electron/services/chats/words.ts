// What is searched for, as words. Scripts that are written without spaces (Chinese, Japanese, Thai ...) and Korean, whose words carry endings, are indexed
// character by character in a column of their own, so that any part is found, also a single character; a trigram index finds nothing below three and would
// be larger for everybody. Nothing a person types is ever syntax of the index.

const spaceless =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}]/u
const spacelessRun = new RegExp(`(?:(?=[\\p{L}\\p{N}\\p{M}])${spaceless.source})+`, 'gu')

/** The characters of such scripts with spaces between them; null where there are none. */
export function soughtPart(text: string): string | null {
  if (!spaceless.test(text)) return null
  const runs = text.match(spacelessRun)
  return runs === null ? null : runs.map((run) => [...run].join(' ')).join(' ')
}

export interface Terms {
  /** Of the index; null where nothing in the text is a word. */
  readonly query: string | null
  /** Signs that are no words (`->`, an emoji): they are looked for in the texts themselves. */
  readonly signs: readonly string[]
  /** Runs of characters to mark in the text, beside what the index marks. */
  readonly runs: readonly string[]
}

const word = /[\p{L}\p{N}\p{Co}]/u

/** Every word has to be in the message; the last one may go on. */
export function termsOf(text: string): Terms {
  const terms = text
    .replaceAll('\0', ' ')
    .toWellFormed()
    .split(/\s+/u)
    .filter((term) => term !== '')
  const signs = terms.filter((term) => !word.test(term))
  const parts = terms.filter((term) => word.test(term)).flatMap(split)
  const last = parts.at(-1)
  const query = parts.map((part) => {
    if (part.isSpaceless) return `sought : ${quoted([...part.text].join(' '))}`
    return `{text input} : ${quoted(part.text)}${part === last && word.test(text.trimEnd().slice(-1)) ? ' *' : ''}`
  })
  return {
    query: query.length === 0 ? null : query.join(' AND '),
    signs,
    runs: parts.flatMap((part) => (part.isSpaceless ? [part.text] : [])),
  }
}

interface Part {
  readonly text: string
  readonly isSpaceless: boolean
}

/** A term in pieces of one kind: `日本2024年` is three. */
function split(term: string): readonly Part[] {
  const parts: Part[] = []
  let end = 0
  for (const { 0: run, index } of term.matchAll(spacelessRun)) {
    parts.push({ text: term.slice(end, index), isSpaceless: false }, { text: run, isSpaceless: true })
    end = index + run.length
  }
  parts.push({ text: term.slice(end), isSpaceless: false })
  return parts.filter((part) => word.test(part.text))
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
