// The branch that is seen, as a feed: only the messages near the window are in the page. The keyboard goes from message to message; the one it is on stays
// in the page wherever the list is scrolled.
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import type { Message } from '../../../shared/chats/types.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { seenHeightPx } from '../seenHeight.ts'
import { estimateHeightPx } from './estimateHeight.ts'
import { nextIndex } from './nextIndex.ts'
import { useStaysAtEnd } from './useStaysAtEnd.ts'

export interface ThreadProps {
  /** Another chat is another list: it opens at its end. */
  readonly chatId: string
  readonly messages: readonly Message[]
  readonly isBusy: boolean
  /** The message to scroll to; `onFound` when it stands in the window. */
  readonly soughtId: string | null
  readonly onFound: () => void
  readonly renderMessage: (message: Message, place: MessagePlace) => ReactNode
}

export interface MessagePlace {
  readonly index: number
  /** It has the place of the keyboard. */
  readonly isActive: boolean
}

const paddingPx = 12

export function Thread({ chatId, messages, isBusy, soughtId, onFound, renderMessage }: ThreadProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const space = useRef<HTMLDivElement>(null)
  const [activeId, setActiveId] = useState<string | null>(null)
  const found = activeId === null ? -1 : messages.findIndex(({ id }) => id === activeId)
  const active = found < 0 ? messages.length - 1 : found
  const end = useStaysAtEnd(scroller, space, chatId)
  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>({
    count: messages.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimateHeightPx(messages[index]?.text.length ?? 0),
    measureElement: seenHeightPx,
    getItemKey: useCallback((index: number) => messages[index]?.id ?? index, [messages]),
    overscan: 4,
    paddingStart: paddingPx,
    paddingEnd: paddingPx,
    initialOffset: () => endOffsetPx(messages),
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range)
      if (active < 0 || indexes.includes(active)) return indexes
      return [...indexes, active].sort((a, b) => a - b)
    },
  })
  useKeptPlace(messages, activeId, active, (message) => {
    setActiveId(message.id)
    focusWhenThere(scroller, message.id)
  })
  useSought(soughtId, messages, (index) => {
    end.leave()
    virtualizer.scrollToIndex(index, { align: 'center' })
    onFound()
  })
  // What a person asked for is seen, wherever they were.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it begins
  useEffect(() => {
    if (isBusy) end.stay()
  }, [isBusy])
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.tagName !== 'ARTICLE') return
    const index = nextIndex(event.nativeEvent, active, messages.length)
    const message = index === null ? undefined : messages[index]
    if (index === null || message === undefined) return
    event.preventDefault()
    setActiveId(message.id)
    if (index === messages.length - 1) end.stay()
    else virtualizer.scrollToIndex(index, { align: 'auto' })
    focusWhenThere(scroller, message.id)
  }
  return (
    <div className="thread">
      <div
        ref={scroller}
        className="thread-scroll"
        role="feed"
        aria-label={t('chat.conversation')}
        aria-busy={isBusy}
        onKeyDown={onKeyDown}
        onFocus={({ target }) => {
          const id = target.closest<HTMLElement>('[data-message]')?.dataset.message
          if (id !== undefined) setActiveId(id)
        }}
      >
        <div ref={space} className="thread-space" style={{ blockSize: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ key, index, start }) => {
            const message = messages[index]
            return message === undefined ? null : (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className="thread-item"
                style={{ transform: `translateY(${start}px)` }}
              >
                {renderMessage(message, { index, isActive: index === active })}
              </div>
            )
          })}
        </div>
      </div>
      {end.isAway ? (
        <div className="thread-jump">
          <Button label={t('chat.jump')} icon={<ArrowDown aria-hidden="true" />} onPress={end.stay} />
        </div>
      ) : null}
    </div>
  )
}

/** Where the last rows stand by their estimated heights: they are the first to be made. */
function endOffsetPx(messages: readonly Message[]): number {
  const heightPx = messages.reduce((sum, { text }) => sum + estimateHeightPx(text.length), 2 * paddingPx)
  return Math.max(0, heightPx - window.innerHeight)
}

/** When the message that had the keyboard is gone, the one that has its place now gets it. */
function useKeptPlace(
  messages: readonly Message[],
  activeId: string | null,
  active: number,
  give: (message: Message) => void,
): void {
  const place = useRef(active)
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the messages change
  useEffect(() => {
    const isGone = activeId !== null && messages.every(({ id }) => id !== activeId)
    const next = messages[Math.min(place.current, messages.length - 1)]
    if (!isGone) place.current = active
    else if (next !== undefined && document.activeElement === document.body) give(next)
  }, [messages, activeId])
}

function useSought(soughtId: string | null, messages: readonly Message[], show: (index: number) => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it is sought, or comes onto the branch
  useEffect(() => {
    const index = soughtId === null ? -1 : messages.findIndex(({ id }) => id === soughtId)
    if (index >= 0) show(index)
  }, [soughtId, messages])
}

/** The message comes into the page with the next rendering, at the latest with the one after that. */
function focusWhenThere(scroller: RefObject<HTMLElement | null>, id: string, tries = 4): void {
  const article = scroller.current?.querySelector<HTMLElement>(`[data-message="${id}"]`)
  if (article != null) article.focus({ preventScroll: true })
  else if (tries > 0) requestAnimationFrame(() => focusWhenThere(scroller, id, tries - 1))
}
