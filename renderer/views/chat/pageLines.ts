// Where the lines of a text area are. It tells nothing of its lines but which character lies at a point that is seen; all lines have the same height, so one
// known line places every other.
import type { PagePart } from './pagePart.ts'

export interface Page {
  readonly editor: HTMLTextAreaElement
  /** What scrolls. */
  readonly surface: HTMLElement
  /** Holds `probeLines` lines. */
  readonly probe: HTMLElement
}

export const probeLines = 64

export interface SeenLine {
  /** From 0, of the whole text. */
  readonly line: number
  /** A character in it; of a line of one direction that is not at the very end of the text its first. */
  readonly character: number
}

/** Of the text area: where its first line begins, in the window's pixels, and how high each is. */
export function linesOf({ editor, surface, probe }: Page) {
  const heightPx = probe.getBoundingClientRect().height / probeLines
  const box = editor.getBoundingClientRect()
  const style = getComputedStyle(editor)
  const firstPx = box.top + Number.parseFloat(style.paddingTop)
  const view = surface.getBoundingClientRect()
  // Whose middle is seen.
  const first = Math.max(0, Math.ceil((view.top - firstPx) / heightPx - 0.5))
  const count = Math.round((box.bottom - Number.parseFloat(style.paddingBottom) - firstPx) / heightPx)
  const last = Math.max(first, Math.min(count - 1, Math.floor((view.bottom - firstPx) / heightPx - 0.5)))
  const left = box.left + Number.parseFloat(style.paddingLeft) + 1
  const right = box.right - Number.parseFloat(style.paddingRight) - 1
  return { heightPx, firstPx, first, last, left, right }
}

export type Lines = ReturnType<typeof linesOf>

/** null: something else lies there. A look costs milliseconds in a text of thousands of lines. */
export function lineAt({ editor }: Page, { firstPx, heightPx, left, right }: Lines, line: number): SeenLine | null {
  const y = firstPx + (line + 0.5) * heightPx
  const characterAt = (x: number) => {
    const position = document.caretPositionFromPoint?.(x, y)
    return position?.offsetNode === editor ? position.offset : null
  }
  const character = characterAt(left)
  if (character === null) return null
  const near = editor.value.slice(Math.max(0, character - mostInLine), character + mostInLine)
  if (!rightToLeft.test(near)) return { line, character }
  // The end of a line that breaks is the beginning of the next: only one of its two sides may be that.
  const other = characterAt(right)
  return other === null ? null : { line, character: Math.min(character, other) }
}

const mostInLine = 500
/** Hebrew, Arabic and what is written like them, and the marks that turn a direction. */
export const rightToLeft =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\ud802\ud803\ud83a\ud83b]/

/** More characters than the lines from one to another have. */
export function mostCharacters({ left, right }: Lines, lines: number): number {
  const narrowestPx = 4
  return Math.ceil((lines * Math.max(0, right - left)) / narrowestPx)
}

/** The line, from 0 at its own beginning, in which a drawn part has a character; null where that cannot be said. */
export function drawnLine(drawn: HTMLElement, { start }: PagePart, character: number, heightPx: number): number | null {
  const box = characterBox(drawn, character - start)
  if (box === null) return null
  const firstPx = drawn.firstElementChild?.getBoundingClientRect().top ?? 0
  return Math.floor((box.top + box.height / 2 - firstPx) / heightPx)
}

/** How many lines a drawn part has. */
export function drawnLines(drawn: HTMLElement, heightPx: number): number {
  const firstPx = drawn.firstElementChild?.getBoundingClientRect().top ?? 0
  const lastPx = drawn.lastElementChild?.getBoundingClientRect().bottom ?? 0
  return Math.round((lastPx - firstPx) / heightPx)
}

function characterBox(drawn: HTMLElement, place: number): DOMRect | null {
  const walker = document.createTreeWalker(drawn, NodeFilter.SHOW_TEXT)
  let left = place
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const { length } = node as Text
    if (left < length) {
      const range = document.createRange()
      range.setStart(node, left)
      range.setEnd(node, left + 1)
      return range.getClientRects()[0] ?? null
    }
    left -= length
  }
  return null
}

/** Scrolls to the line of a character: looks at a line in the middle of what is left, again and again. */
export function showCharacter(page: Page, character: number): void {
  const { surface, editor } = page
  const share = character / Math.max(1, editor.value.length)
  const lines = linesOf(page)
  const scrollTo = (line: number) => surface.scrollTo({ top: line * lines.heightPx - surface.clientHeight / 2 })
  let low = 0
  let high = Math.ceil(editor.scrollHeight / Math.max(1, lines.heightPx))
  let line = Math.floor(share * high)
  for (let looks = 0; looks < 24 && low < high; looks += 1) {
    scrollTo(line)
    const now = linesOf(page)
    const seen = Math.min(now.last, Math.max(now.first, line))
    const found = lineAt(page, now, seen)
    const next = lineAt(page, now, Math.min(now.last, seen + 1))
    if (found === null || next === null) break
    if (character < found.character) high = seen
    else if (character >= next.character && next.line > seen) low = seen + 1
    else break
    line = Math.floor((low + high) / 2)
  }
  if (lines.heightPx > 0) scrollTo(line)
  else surface.scrollTo({ top: share * surface.scrollHeight - surface.clientHeight / 2 })
}
