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
  /** A character in it; of a line of one direction its first. */
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
  const last = Math.max(first, Math.floor((view.bottom - firstPx) / heightPx - 0.5))
  const left = box.left + Number.parseFloat(style.paddingLeft) + 1
  const right = box.right - Number.parseFloat(style.paddingRight) - 1
  return { heightPx, firstPx, first, last, left, right }
}

export type Lines = ReturnType<typeof linesOf>

/** null: something else lies there. */
export function lineAt({ editor }: Page, { firstPx, heightPx, left, right }: Lines, line: number): SeenLine | null {
  const y = firstPx + (line + 0.5) * heightPx
  // The end of a line that breaks is the beginning of the next: only one of its two sides may be that.
  const characters = [left, right].map((x) => {
    const position = document.caretPositionFromPoint?.(x, y)
    return position?.offsetNode === editor ? position.offset : null
  })
  const [one, other] = characters
  return one == null || other == null ? null : { line, character: Math.min(one, other) }
}

/** The line, from 0 at its own beginning, in which a drawn part has a character; null where that cannot be said. */
export function drawnLine(drawn: HTMLElement, { start }: PagePart, character: number, heightPx: number): number | null {
  const box = characterBox(drawn, character - start)
  if (box === null) return null
  return Math.floor((box.top + box.height / 2 - drawn.getBoundingClientRect().top) / heightPx)
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
