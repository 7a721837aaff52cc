// A part of a text around the first place that was found.
import { unseenSources } from './signs.ts'

export interface Found {
  /** Texts of one message, with what the index found between marks. */
  readonly texts: readonly string[]
  readonly markStart: string
  readonly markEnd: string
  /** What the index does not mark, as it is typed. */
  readonly sought: readonly string[]
  /** To mark where nothing else is. */
  readonly otherwise: readonly string[]
}

export interface Excerpt {
  readonly excerpt: string
  readonly marks: readonly (readonly [start: number, end: number])[]
}

const [before, length, mostMarks] = [60, 240, 50]

export function excerptOf({ texts, markStart, markEnd, sought, otherwise }: Found): Excerpt {
  let best: Excerpt | null = null
  for (const marked of texts) {
    const { text, marks } = unmarked(marked, markStart, markEnd)
    const all = merged([...marks, ...placesOf(text, sought)])
    const part = cut(text, all.length > 0 ? all : merged(placesOf(text, otherwise)))
    if (best === null || (best.marks.length === 0 && part.marks.length > 0)) best = part
  }
  return best ?? { excerpt: '', marks: [] }
}

type Mark = readonly [start: number, end: number]

function unmarked(marked: string, markStart: string, markEnd: string): { text: string; marks: readonly Mark[] } {
  const marks: Mark[] = []
  let [text, end] = ['', 0]
  for (let start = marked.indexOf(markStart); start >= 0; start = marked.indexOf(markStart, end)) {
    text += marked.slice(end, start)
    const close = marked.indexOf(markEnd, start)
    const found = marked.slice(start + 1, close < 0 ? undefined : close)
    marks.push([text.length, text.length + found.length])
    text += found
    end = close < 0 ? marked.length : close + 1
  }
  return { text: text + marked.slice(end), marks }
}

const [between, behind] = unseenSources

function placesOf(text: string, sought: readonly string[]): readonly Mark[] {
  return sought.flatMap((run) => {
    const signs = Array.from(run, (sign) => sign.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&'))
    const pattern = new RegExp(`${signs.join(between)}${behind}`, 'giu')
    return [...text.matchAll(pattern)].map(({ 0: found, index }): Mark => [index, index + found.length])
  })
}

function merged(marks: readonly Mark[]): readonly Mark[] {
  const result: [number, number][] = []
  for (const [start, end] of [...marks].sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else if (end > start) result.push([start, end])
  }
  return result
}

function cut(text: string, marks: readonly Mark[]): Excerpt {
  const from = startOf(text, Math.max(0, (marks[0]?.[0] ?? 0) - before))
  const to = endOf(text, Math.min(text.length, from + length))
  const head = from > 0 ? '…' : ''
  const shift = head.length - from
  return {
    excerpt: `${head}${text.slice(from, to)}${to < text.length ? '…' : ''}`,
    marks: marks
      .filter(([start]) => start < to)
      .slice(0, mostMarks)
      .map(([start, end]) => [start + shift, Math.min(end, to) + shift] as const),
  }
}

/** The beginning of the next word, where one begins soon. */
function startOf(text: string, at: number): number {
  if (at === 0) return 0
  const space = text.slice(at, at + before / 2).search(/\s/u)
  const start = space < 0 ? at : at + space + 1
  return isInside(text, start) ? start + 1 : start
}

function endOf(text: string, at: number): number {
  return isInside(text, at) ? at - 1 : at
}

/** Whether a place splits a surrogate pair. */
function isInside(text: string, at: number): boolean {
  return /[\udc00-\udfff]/.test(text.charAt(at)) && /[\ud800-\udbff]/.test(text.charAt(at - 1))
}
