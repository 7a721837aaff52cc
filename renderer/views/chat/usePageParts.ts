// Which part of a long text is drawn in colours, and where. While a model writes, the text area keeps what it had, because giving it a text lays all of it out
// anew: the end of the text is drawn over it, and handed over when the run ends. Where no place is known the text area shows its own letters, without colours.
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import {
  drawnLine,
  drawnLines,
  type Lines,
  lineAt,
  linesOf,
  mostCharacters,
  type Page,
  rightToLeft,
  type SeenLine,
} from './pageLines.ts'
import { type PagePart, partAfter, partAround, wholeCharacters } from './pagePart.ts'

interface PlacedPart extends PagePart {
  /** Where it begins, from 0; null: not known yet. */
  readonly line: number | null
}

interface Kept extends PlacedPart {
  /** The text that it is a part of. */
  readonly text: string
  /** What was seen when it was chosen. */
  readonly first: SeenLine
  /** null: it needs no proof. */
  readonly last: SeenLine | null
}

/** The end of the text while it grows. */
interface Tail extends PagePart {
  readonly line: number
  /** What the text area keeps. */
  readonly settled: string
}

interface PageParts {
  /** No place is known for what is seen. */
  readonly isPlain: boolean
  readonly part: PlacedPart | null
  readonly tail: (PagePart & { readonly line: number }) | null
  readonly heightPx: number
}

/** Something lies over the text: after so long it is looked at again. */
const coveredMs = 250

/** Gives the text area its text: as a value of React it would be compared and copied whole with each key. */
export function usePageParts(
  page: () => Page | null,
  drawn: RefObject<HTMLElement | null>,
  text: string,
  isRunning: boolean,
): PageParts {
  const [kept, setKept] = useState<Kept | null>(null)
  const [tail, setTail] = useState<Tail | null>(null)
  const heightPx = useRef(0)
  /** What is seen begins before the end that grows. */
  const [isAbove, setIsAbove] = useState(false)
  const isWhole = text.length <= wholeCharacters
  const growing = tail !== null && isRunning && !isWhole && text.startsWith(tail.settled) ? tail : null
  const settled = growing?.settled ?? text
  const bounded = growing === null ? text : text.slice(0, growing.start)
  const followed = kept === null ? null : partAfter(kept, kept.text, bounded)
  const part: PlacedPart | null = isWhole
    ? { start: 0, end: text.length, line: 0 }
    : followed === null || kept === null
      ? null
      : { ...followed, line: kept.line }

  /** Chooses another part where what is seen comes near to the end of the one that is drawn, or `anew`. */
  const look = (isAnew: boolean): boolean => {
    const parts = page()
    if (isWhole || parts === null) return true
    const lines = linesOf(parts)
    if (!(lines.heightPx > 0)) return true
    heightPx.current = lines.heightPx
    if (growing !== null && isAnew) {
      // Its lines break elsewhere now.
      setTail(null)
      return true
    }
    if (growing !== null) setIsAbove(lines.first < growing.line)
    if (growing !== null && lines.first >= growing.line) return true
    const last = growing === null ? lines.last : Math.min(lines.last, growing.line - 1)
    if (!isAnew && reaches(part, drawn.current, lines, last, bounded.length)) return true
    const firstSeen = lineAt(parts, lines, lines.first)
    if (firstSeen === null) {
      setKept(null)
      return false
    }
    const { character } = firstSeen
    const next = partAround(
      bounded,
      character,
      Math.min(bounded.length, character + mostCharacters(lines, last - lines.first + 1)),
    )
    // Lines break alike from a paragraph's beginning on; where it is cut elsewhere, or goes in two directions, that is looked at.
    const isCut = next.start > 0 && bounded[next.start - 1] !== '\n'
    const isSure = !isCut && !rightToLeft.test(bounded.slice(next.start, next.end))
    const lastSeen = isSure ? null : lineAt(parts, lines, last)
    if (!isSure && lastSeen === null) {
      setKept(null)
      return false
    }
    const isSame = next.start === part?.start && next.end === part.end && part.line !== null
    if (isAnew || !isSame) setKept({ ...next, line: null, text: bounded, first: firstSeen, last: lastSeen })
    return true
  }
  const latest = useRef(look)
  latest.current = look
  /** The text in which a part found no place: it is not tried again before something else changes. */
  const lostIn = useRef<string | null>(null)
  const lookAgain = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const lookNow = useRef((isAnew: boolean) => {
    lostIn.current = null
    clearTimeout(lookAgain.current)
    let isSeen = true
    flushSync(() => {
      isSeen = latest.current(isAnew)
    })
    if (!isSeen) lookAgain.current = setTimeout(lookNow.current, coveredMs, false)
  })

  useLayoutEffect(() => {
    const editor = page()?.editor
    if (editor !== undefined && editor.value !== settled) editor.value = settled
  })

  // What was chosen is placed when it is drawn, before it is seen.
  useLayoutEffect(() => {
    if (kept === null || kept.line !== null || drawn.current === null) return
    const line = placeOf(kept, drawn.current, heightPx.current)
    if (line === null) lostIn.current = kept.text
    setKept(line === null ? null : { ...kept, line })
  }, [kept, drawn])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a part that is another object is the same part
  useLayoutEffect(() => {
    if (tail !== null && growing === null) {
      setTail(null)
      if (text.startsWith(tail.settled) && !isWhole) {
        const seen = { line: tail.line, character: tail.start }
        setKept({ start: tail.start, end: text.length, line: tail.line, text, first: seen, last: null })
      }
    } else if (isRunning && tail === null && part?.line != null && part.end === text.length && !isWhole) {
      setTail({ start: part.start, end: text.length, line: part.line, settled: text })
      setKept(null)
    } else if (lostIn.current !== bounded && !latest.current(false)) {
      clearTimeout(lookAgain.current)
      lookAgain.current = setTimeout(lookNow.current, coveredMs, false)
    }
  }, [text, isRunning, tail, growing, part?.line, part?.start, part?.end, isWhole])

  useEffect(() => {
    const parts = page()
    if (parts === null) return
    const { surface, editor, probe } = parts
    const onScroll = () => lookNow.current(false)
    let size = ''
    const observer = new ResizeObserver(() => {
      const before = size
      size = `${editor.clientWidth} ${probe.clientHeight}`
      if (size !== before) lookNow.current(true)
    })
    surface.addEventListener('scroll', onScroll, { passive: true })
    observer.observe(editor)
    observer.observe(probe)
    return () => {
      clearTimeout(lookAgain.current)
      surface.removeEventListener('scroll', onScroll)
      observer.disconnect()
    }
  }, [page])

  const end = { end: text.length }
  const isPlain = part === null && (growing === null || isAbove)
  return { isPlain, part, tail: growing === null ? null : { ...growing, ...end }, heightPx: heightPx.current }
}

/** What is drawn goes on for another view beyond what is seen, or to the end of the text. */
function reaches(
  part: PlacedPart | null,
  drawn: HTMLElement | null,
  { first, heightPx }: Lines,
  last: number,
  length: number,
): boolean {
  if (part === null || part.line === null || drawn === null) return false
  const view = last - first + 1
  const end = part.line + drawnLines(drawn, heightPx)
  return (part.start === 0 || first - part.line >= view) && (part.end === length || end - last > view)
}

/** null: its lines are not those of the text area. */
function placeOf({ first, last, ...part }: Kept, drawn: HTMLElement, heightPx: number): number | null {
  const lineOf = ({ line, character }: SeenLine) => {
    const own = drawnLine(drawn, part, character, heightPx)
    return own === null ? null : line - own
  }
  const line = lineOf(first)
  if (line === null || line < 0 || (part.start === 0) !== (line === 0)) return null
  return last === null || last.character >= part.end || lineOf(last) === line ? line : null
}
