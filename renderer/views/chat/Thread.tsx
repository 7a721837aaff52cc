// The branch that is seen, as a feed: only the messages near the window are in the page. While it stands at its end it stays there as text grows; a reader
// who scrolls up is left in peace.
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import type { Message } from '../../../shared/chats/types.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { estimateHeightPx } from './estimateHeight.ts'
import { nextIndex } from './nextIndex.ts'

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
  readonly isActive: boolean
}

/** So near to the end counts as the end. */
const endPx = 12
const paddingPx = 16

export function Thread({ chatId, messages, isBusy, soughtId, onFound, renderMessage }: ThreadProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const [activeId, setActiveId] = useState<string | null>(null)
  const [isAtEnd, setIsAtEnd] = useState(true)
  const found = activeId === null ? -1 : messages.findIndex(({ id }) => id === activeId)
  const active = found < 0 ? messages.length - 1 : found
  const virtualizer = useVirtualizer({
    count: messages.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimateHeightPx(messages[index]?.text.length ?? 0),
    getItemKey: useCallback((index: number) => messages[index]?.id ?? index, [messages]),
    overscan: 4,
    paddingStart: paddingPx,
    paddingEnd: paddingPx,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: endPx,
    initialOffset: Number.MAX_SAFE_INTEGER,
    onChange: (instance) => setIsAtEnd(instance.isAtEnd(endPx)),
  })
  const items = virtualizer.getVirtualItems()
  useOpenAtEnd(chatId, messages.length, virtualizer)
  useSought(soughtId, messages, virtualizer, onFound)
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || event.target.tagName !== 'ARTICLE') return
    const index = nextIndex(event.nativeEvent, active, messages.length)
    const message = index === null ? undefined : messages[index]
    if (index === null || message === undefined) return
    event.preventDefault()
    setActiveId(message.id)
    virtualizer.scrollToIndex(index, { align: 'auto' })
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
        <div className="thread-space" style={{ blockSize: virtualizer.getTotalSize() }}>
          {items.map(({ key, index, start }) => {
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
      {isAtEnd ? null : (
        <div className="thread-jump">
          <Button
            label={t('chat.jump')}
            icon={<ArrowDown aria-hidden="true" />}
            onPress={() => virtualizer.scrollToEnd()}
          />
        </div>
      )}
    </div>
  )
}

type List = ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>

/** A chat opens at its end, whatever was seen before. */
function useOpenAtEnd(chatId: string, count: number, list: List): void {
  const isEmpty = count === 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each chat, when its messages are there
  useLayoutEffect(() => {
    if (!isEmpty) list.scrollToEnd()
  }, [chatId, isEmpty])
}

function useSought(soughtId: string | null, messages: readonly Message[], list: List, onFound: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it is sought, or comes onto the branch
  useEffect(() => {
    const index = soughtId === null ? -1 : messages.findIndex(({ id }) => id === soughtId)
    if (index < 0) return
    list.scrollToIndex(index, { align: 'center' })
    onFound()
  }, [soughtId, messages])
}

/** The message comes into the page with the next rendering, at the latest with the one after that. */
function focusWhenThere(scroller: RefObject<HTMLElement | null>, id: string, tries = 4): void {
  const article = scroller.current?.querySelector<HTMLElement>(`[data-message="${id}"]`)
  if (article != null) article.focus({ preventScroll: true })
  else if (tries > 0) requestAnimationFrame(() => focusWhenThere(scroller, id, tries - 1))
}
