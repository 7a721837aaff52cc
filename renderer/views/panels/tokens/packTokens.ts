// Tokens in rows of a width that is counted in characters, so that a list of tens of thousands of them knows its rows without drawing any.

export interface TokenRow {
  /** Of the first token; `end` is exclusive. */
  readonly start: number
  readonly end: number
}

/** Of the edges and the gap of a chip. */
const chipCharacters = 1.5

/** A row is full when the next chip does not fit, and ends behind a line break. */
export function packTokens(texts: readonly string[], charactersPerRow: number): readonly TokenRow[] {
  const rows: TokenRow[] = []
  let start = 0
  let used = 0
  for (const [index, text] of texts.entries()) {
    const width = shownLength(text) + chipCharacters
    if (index > start && used + width > charactersPerRow) {
      rows.push({ start, end: index })
      start = index
      used = 0
    }
    used += width
    if (text.endsWith('\n')) {
      rows.push({ start, end: index + 1 })
      start = index + 1
      used = 0
    }
  }
  if (start < texts.length) rows.push({ start, end: texts.length })
  return rows
}

/** The row of a token. */
export function rowOf(rows: readonly TokenRow[], index: number): number {
  let low = 0
  let high = rows.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((rows[middle]?.start ?? 0) <= index) low = middle
    else high = middle - 1
  }
  return low
}

function shownLength(text: string): number {
  let length = 0
  // What stands beyond the first blocks is mostly as wide as two letters.
  for (const letter of text) length += (letter.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1
  return Math.max(1, length)
}
