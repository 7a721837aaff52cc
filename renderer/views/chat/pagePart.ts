// Of a long text only the part around what is seen is drawn in colours. It begins where a paragraph begins, so that its lines break as those of the whole text do.

/** So many characters are drawn beyond what is seen: scrolling has drawn text in reach before the next part is there. */
const beyond = 6000
/** A longer paragraph is cut at the line that is seen first. */
const longParagraph = 20_000
/** A text of so many characters is drawn whole. */
export const wholeCharacters = 20_000

export interface PagePart {
  /** Characters of the text, end exclusive. */
  readonly start: number
  readonly end: number
}

/** The part for what is seen: `first` is the beginning of its first line, `last` a character in its last one. */
export function partAround(text: string, first: number, last: number): PagePart {
  if (text.length <= wholeCharacters) return { start: 0, end: text.length }
  const paragraph = first <= beyond ? 0 : text.lastIndexOf('\n', first - beyond) + 1
  const own = text.lastIndexOf('\n', first - 1) + 1
  const start = first - paragraph <= longParagraph ? paragraph : first - own <= longParagraph ? own : first
  const newLine = text.indexOf('\n', last + beyond)
  const end = newLine < 0 ? text.length : newLine + 1
  return { start, end: end - last <= longParagraph ? end : last + beyond }
}

/** The same part after the text was changed at its place or behind it; null where it was changed before it. */
export function partAfter(part: PagePart, before: string, after: string): PagePart | null {
  if (before === after) return part
  if (!after.startsWith(before.slice(0, part.start))) return null
  const end = Math.max(part.start, part.end + after.length - before.length)
  return { start: part.start, end: part.end === before.length ? after.length : Math.min(end, after.length) }
}

/** Where its paragraphs begin and end, each with its line end. The last one is empty behind a line end at the end of the text. */
export function paragraphsOf(text: string, { start, end }: PagePart): readonly PagePart[] {
  const paragraphs: PagePart[] = []
  let from = start
  while (from < end) {
    const newLine = text.indexOf('\n', from)
    const to = newLine < 0 || newLine >= end ? end : newLine + 1
    paragraphs.push({ start: from, end: to })
    from = to
  }
  const isOpen = end === text.length && (end === start || text.endsWith('\n'))
  return isOpen ? [...paragraphs, { start: end, end }] : paragraphs
}
