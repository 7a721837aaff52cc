// Tokens as chips, of which only those that are seen are in the page. One of them is current: arrow keys lead from token to token, and screen readers
// follow it as they follow the choice in a list.
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useMemo, useRef, useState } from 'react'
import { packTokens, rowOf } from './packTokens.ts'
import { shownText } from './tokenWords.ts'

export interface Chip {
  readonly text: string
  /** For screen readers. */
  readonly label: string
  /** Of the style sheet: what kind of token it is. */
  readonly className: string
  /** Below the text. */
  readonly note?: string
}

export interface TokenListProps {
  readonly label: string
  readonly count: number
  /** Asked for the tokens that are seen. */
  readonly chipAt: (index: number) => Chip
  /** Texts of all tokens, for the rows. */
  readonly texts: readonly string[]
  readonly current: number | null
  readonly rowHeight: number
  readonly onCurrent: (index: number) => void
  /** What is known of the current token. */
  readonly children?: ReactNode
}

/** Of a letter in the fonts of renderer/styles/tokens.css, by their size. */
const characterWidth = 0.602

export function TokenList(props: TokenListProps) {
  const { label, count, chipAt, texts, current, rowHeight, onCurrent, children } = props
  const scroll = useRef<HTMLDivElement>(null)
  const id = useId()
  const characters = useCharacters(scroll)
  const rows = useMemo(() => packTokens(texts, characters), [texts, characters])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  })
  const currentRow = current === null ? null : rowOf(rows, current)
  useEffect(() => {
    if (currentRow !== null) virtual.scrollToIndex(currentRow, { align: 'auto' })
  }, [currentRow, virtual])
  const onKeyDown = (event: KeyboardEvent) => {
    const isMirrored = getComputedStyle(event.currentTarget).direction === 'rtl'
    const next = nextToken((isMirrored ? mirrored[event.key] : undefined) ?? event.key, current, rows, count)
    if (next === null || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    onCurrent(next)
  }
  const isDrawn = currentRow !== null && virtual.getVirtualItems().some(({ index }) => index === currentRow)
  return (
    <>
      <div
        ref={scroll}
        className="token-list"
        role="listbox"
        tabIndex={0}
        aria-label={label}
        aria-activedescendant={isDrawn ? `${id}-${current}` : undefined}
        onKeyDown={onKeyDown}
        onFocus={() => {
          if (current === null && count > 0) onCurrent(0)
        }}
      >
        <div role="presentation" className="token-rows" style={{ blockSize: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index: row, start, key }) => {
            const { start: first, end } = rows[row] ?? { start: 0, end: 0 }
            return (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={row}
                role="presentation"
                className="token-row"
                style={{ transform: `translateY(${start}px)` }}
              >
                {Array.from({ length: end - first }, (_, offset) => first + offset).map((index) => {
                  const chip = chipAt(index)
                  return (
                    // The list has the keys: it tells which option is current.
                    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
                    <span
                      key={index}
                      id={`${id}-${index}`}
                      role="option"
                      tabIndex={-1}
                      className={`token ${chip.className}`}
                      aria-selected={index === current}
                      aria-posinset={index + 1}
                      aria-setsize={count}
                      aria-label={chip.label}
                      title={chip.label}
                      // Drawn by the style sheet: the label says it with its unit.
                      data-note={chip.note}
                      onClick={() => {
                        scroll.current?.focus()
                        onCurrent(index)
                      }}
                    >
                      <span className="token-text">{shownText(chip.text)}</span>
                    </span>
                  )
                })}
              </div>
            )
          })}
        </div>
      </div>
      {children}
    </>
  )
}

/** Where lines run from right to left. */
const mirrored: Readonly<Record<string, string>> = { ArrowLeft: 'ArrowRight', ArrowRight: 'ArrowLeft' }

/** Where a key leads; null for other keys. */
function nextToken(
  key: string,
  current: number | null,
  rows: readonly { readonly start: number; readonly end: number }[],
  count: number,
): number | null {
  if (count === 0) return null
  const now = current ?? 0
  const row = rowOf(rows, now)
  const inRow = (other: number) => {
    const { start, end } = rows[Math.max(0, Math.min(rows.length - 1, other))] ?? { start: 0, end: 1 }
    return Math.min(end - 1, start + now - (rows[row]?.start ?? 0))
  }
  const places: Readonly<Record<string, number>> = {
    ArrowLeft: now - 1,
    ArrowRight: now + 1,
    ArrowUp: inRow(row - 1),
    ArrowDown: inRow(row + 1),
    PageUp: inRow(row - 10),
    PageDown: inRow(row + 10),
    Home: 0,
    End: count - 1,
  }
  const next = places[key]
  return next === undefined ? null : Math.max(0, Math.min(count - 1, next))
}

/** How many letters are as wide as the list. A row that turns out wider wraps, and is measured. */
function useCharacters(element: RefObject<HTMLElement | null>): number {
  const [characters, setCharacters] = useState(44)
  useEffect(() => {
    if (element.current === null) return
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined || entry.contentRect.width === 0) return
      const fontPixels = Number.parseFloat(getComputedStyle(entry.target).fontSize)
      setCharacters(Math.max(12, Math.floor(entry.contentRect.width / (fontPixels * characterWidth))))
    })
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return characters
}
