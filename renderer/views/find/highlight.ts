// Marks found text with the page's highlights (CSS Custom Highlight API), which change nothing in what React made. Where a browser has none, the message is
// scrolled to all the same.
import { type Place, placesOf } from '../../state/finding.ts'

const allName = 'hearth-found'
const currentName = 'hearth-found-current'

/** Marks a text in what `root` shows of the chat; gives the range of the current place, where it is in the page. */
export function markPlaces(root: Element, text: string, current: Place | undefined): Range | null {
  const ranges: Range[] = []
  let currentRange: Range | null = null
  for (const { id, body } of bodiesIn(root)) {
    const own = rangesIn(body, text)
    ranges.push(...own)
    // Markdown's own marks are no part of what is seen: there may be fewer places on the screen than in the text.
    if (current !== undefined && id === current.messageId)
      currentRange = own[Math.min(current.nth, own.length - 1)] ?? null
  }
  const registry = highlights()
  registry?.set(allName, new Highlight(...ranges))
  registry?.set(currentName, new Highlight(...(currentRange === null ? [] : [currentRange])))
  return currentRange
}

/** Of the messages in the page; of a base model's text the letters that lie behind its transparent editor. */
function bodiesIn(root: Element): readonly { readonly id: string | null; readonly body: Element }[] {
  const text = root.querySelector('.page > .page-text[aria-hidden]')
  if (text !== null) return [{ id: null, body: text }]
  return [...root.querySelectorAll<HTMLElement>('[data-message]')].map((message) => ({
    id: message.dataset.message ?? '',
    body: message.querySelector('.message-body') ?? message,
  }))
}

/** Scrolls what holds a range until it is in the middle, unless it is seen well already. */
export function bringToEye(range: Range): void {
  const place = range.getBoundingClientRect()
  let box = range.startContainer.parentElement
  while (box !== null && !(box.scrollHeight > box.clientHeight && /auto|scroll/.test(getComputedStyle(box).overflowY)))
    box = box.parentElement
  if (box === null) return
  const { top, bottom, height } = box.getBoundingClientRect()
  const marginPixels = Math.min(64, height / 4)
  if (place.top > top + marginPixels && place.bottom < bottom - marginPixels) return
  box.scrollTop += place.top + place.height / 2 - top - height / 2
}

export function clearMarks(): void {
  highlights()?.delete(allName)
  highlights()?.delete(currentName)
}

function highlights(): HighlightRegistry | null {
  return typeof CSS !== 'undefined' && 'highlights' in CSS ? CSS.highlights : null
}

function rangesIn(body: Element, text: string): readonly Range[] {
  const nodes: { readonly node: Node; readonly start: number }[] = []
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT)
  let whole = ''
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    nodes.push({ node, start: whole.length })
    whole += node.nodeValue ?? ''
  }
  const locate = (offset: number) => {
    const found = nodes.findLast(({ start }) => start <= offset)
    return found === undefined ? null : { node: found.node, offset: offset - found.start }
  }
  return placesOf(whole, text).flatMap((start) => {
    const first = locate(start)
    const last = locate(start + text.length - 1)
    if (first === null || last === null) return []
    const range = document.createRange()
    range.setStart(first.node, first.offset)
    range.setEnd(last.node, last.offset + 1)
    return range
  })
}
