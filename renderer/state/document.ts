// A text in which some stretches were written by the model. It is one text: everything can be edited, and the stretches follow the edits.

export interface Stretch {
  /** Characters from the start of the text, end exclusive. */
  readonly start: number
  readonly end: number
  /** Which continuation wrote it; the newest has the highest number. */
  readonly continuation: number
}

export interface TextDocument {
  readonly text: string
  /** In order, not empty, not overlapping. */
  readonly written: readonly Stretch[]
  readonly continuations: number
}

export function documentOf(text: string): TextDocument {
  return { text, written: [], continuations: 0 }
}

/** From here on, appended text belongs to a new continuation. */
export function continued(document: TextDocument): TextDocument {
  return { ...document, continuations: document.continuations + 1 }
}

/** Text of the model at the end. */
export function appended({ text, written, continuations }: TextDocument, addition: string): TextDocument {
  if (addition === '') return { text, written, continuations }
  const whole = text + addition
  const last = written.at(-1)
  const grows = last !== undefined && last.continuation === continuations && last.end === text.length
  return {
    text: whole,
    written: grows
      ? [...written.slice(0, -1), { ...last, end: whole.length }]
      : [...written, { start: text.length, end: whole.length, continuation: continuations }],
    continuations,
  }
}

/** The text after a person changed it; what they typed is theirs, also in the middle of a stretch. */
export function edited(document: TextDocument, text: string): TextDocument {
  const { start, removed, inserted } = difference(document.text, text)
  return replaced(document, start, removed, text.slice(start, start + inserted))
}

/** The text with `removed` characters from `start` on replaced by a person's. */
function replaced(document: TextDocument, start: number, removed: number, insertion: string): TextDocument {
  const end = start + removed
  const shift = insertion.length - removed
  const written = document.written.flatMap((stretch): Stretch[] => {
    const before = { ...stretch, end: Math.min(stretch.end, start) }
    const after = { ...stretch, start: Math.max(stretch.start, end) + shift, end: stretch.end + shift }
    return [before, after].filter((part) => part.start < part.end)
  })
  const text = document.text.slice(0, start) + insertion + document.text.slice(end)
  return { ...document, text, written: joined(written) }
}

/** Without what is left of the newest continuation; the same document when the model wrote nothing. */
export function undone(document: TextDocument): TextDocument {
  const newest = Math.max(0, ...document.written.map((stretch) => stretch.continuation))
  if (newest === 0) return document
  return document.written
    .filter((stretch) => stretch.continuation === newest)
    .toReversed()
    .reduce((rest, { start, end }) => replaced(rest, start, end - start, ''), document)
}

/** Of a longer text only the end is told apart: a page lays out tens of thousands of stretches for seconds. */
const mostStretches = 2000

/** The text cut into stretches of one author each, in order; none is empty. */
export function authors({
  text,
  written: all,
}: Pick<TextDocument, 'text' | 'written'>): readonly { readonly text: string; readonly model: boolean }[] {
  const written = all.slice(-mostStretches)
  const edges = [0, ...written.flatMap(({ start, end }) => [start, end]), text.length]
  return edges
    .slice(0, -1)
    .map((start, index) => ({ text: text.slice(start, edges[index + 1]), model: index % 2 === 1 }))
    .filter((part) => part.text !== '')
}

/** A part of the text, cut in the same way. */
export function authorsWithin(
  { text, written }: Pick<TextDocument, 'text' | 'written'>,
  from: number,
  to: number,
): ReturnType<typeof authors> {
  const first = firstEndingBehind(written, from)
  const behind = written.slice(first).findIndex(({ start }) => start >= to)
  const inside = written.slice(first, behind < 0 ? undefined : first + behind).map((stretch) => ({
    ...stretch,
    start: Math.max(stretch.start, from) - from,
    end: Math.min(stretch.end, to) - from,
  }))
  return authors({ text: text.slice(from, to), written: inside })
}

/** They are in order: the half that cannot hold it is left out again and again. */
function firstEndingBehind(written: readonly Stretch[], place: number): number {
  let low = 0
  let high = written.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((written[middle]?.end ?? 0) > place) high = middle
    else low = middle + 1
  }
  return low
}

function difference(before: string, after: string): { start: number; removed: number; inserted: number } {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  let same = 0
  while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same++
  return { start, removed: before.length - start - same, inserted: after.length - start - same }
}

/** Neighbours of one continuation become one stretch again. */
function joined(written: readonly Stretch[]): readonly Stretch[] {
  const done: Stretch[] = []
  for (const stretch of written) {
    const last = done.at(-1)
    const touches = last !== undefined && last.end === stretch.start && last.continuation === stretch.continuation
    if (touches) done[done.length - 1] = { ...last, end: stretch.end }
    else done.push(stretch)
  }
  return done
}
