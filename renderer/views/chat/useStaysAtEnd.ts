// A surface that stays at its end while its content or its own height changes, until its reader scrolls up (wheel, keys, touch, scroll bar); at its end
// once more, it stays again.
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'

/** So near to the end counts as the end. */
const endPx = 12
/** From here on a way back is offered. */
const awayPx = 64
/** So long after a change of size a list may still put its rows in their places. */
const settlingMs = 1000

const upKeys = new Set(['ArrowUp', 'PageUp', 'Home'])

export interface StayingAtEnd {
  /** The reader has left the end. */
  readonly isAway: boolean
  /** To the end, and from now on with it. */
  readonly stay: () => void
  /** Not any more: something else is to be seen. */
  readonly leave: () => void
}

/** `content`: what grows within the surface. `key`: what is seen is another thing when it changes. */
export function useStaysAtEnd(
  surface: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  key: string,
): StayingAtEnd {
  const stays = useRef(true)
  /** Let go, but nothing has moved yet: a scroll of its own may still be told. */
  const isLeaving = useRef(false)
  const [isAway, setIsAway] = useState(false)
  const leave = useCallback(() => {
    isLeaving.current ||= stays.current
    stays.current = false
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: for another chat it begins anew
  useLayoutEffect(() => {
    const element = surface.current
    if (element === null) return
    const stop = new AbortController()
    const options = { passive: true, signal: stop.signal }
    let topPx = element.scrollTop
    let isHeld = false
    let changedAtMs = performance.now()
    const tell = () => setIsAway(!stays.current && distancePx(element) > awayPx)
    const follow = () => {
      changedAtMs = performance.now()
      if (stays.current) element.scrollTop = element.scrollHeight
      else if (distancePx(element) > endPx) isLeaving.current = false
      tell()
    }
    stays.current = true
    isLeaving.current = false
    follow()
    const look = () => {
      const isUp = element.scrollTop < topPx - 1
      // While nothing changes its size only a reader moves it up; while something does, a hand on the scroll bar or on the screen.
      const isEnd = distancePx(element) <= endPx
      if (isUp && (isHeld || (!isEnd && performance.now() - changedAtMs > settlingMs))) stays.current = false
      else if (!isUp && isEnd && !isLeaving.current) stays.current = true
      if (isUp || !isEnd) isLeaving.current = false
      topPx = element.scrollTop
      tell()
    }
    const letGo = () => {
      if (element.scrollHeight > element.clientHeight) leave()
    }
    element.addEventListener('scroll', look, options)
    element.addEventListener('wheel', ({ deltaY }) => deltaY < 0 && letGo(), options)
    element.addEventListener('keydown', ({ key: pressed }) => upKeys.has(pressed) && letGo(), options)
    element.addEventListener('pointerdown', () => (isHeld = true), options)
    for (const ended of ['pointerup', 'pointercancel'] as const)
      window.addEventListener(ended, () => (isHeld = false), options)
    // A finger that moves down moves the text down: the pointer is taken from the page then.
    let fingerPx = 0
    const onTouch = ({ type, touches }: TouchEvent) => {
      const nowPx = touches[0]?.clientY ?? 0
      if (type === 'touchmove' && nowPx > fingerPx) letGo()
      fingerPx = nowPx
    }
    element.addEventListener('touchstart', onTouch, options)
    element.addEventListener('touchmove', onTouch, options)
    // Who goes to an earlier message with the keyboard wants to stay there.
    element.addEventListener('focusin', ({ target }) => isEarlier(target) && letGo(), options)
    const observer = new ResizeObserver(() => {
      const beforePx = element.scrollTop
      follow()
      // So far away nothing is drawn yet, and the browser tells of it only with the next frame.
      if (Math.abs(element.scrollTop - beforePx) > element.clientHeight) element.dispatchEvent(new Event('scroll'))
    })
    observer.observe(element)
    if (content.current !== null) observer.observe(content.current)
    return () => {
      stop.abort()
      observer.disconnect()
    }
  }, [surface, content, key, leave])
  return {
    isAway,
    stay: () => {
      stays.current = true
      isLeaving.current = false
      const element = surface.current
      if (element !== null) element.scrollTop = element.scrollHeight
      setIsAway(false)
    },
    leave,
  }
}

function distancePx({ scrollHeight, clientHeight, scrollTop }: HTMLElement): number {
  return scrollHeight - clientHeight - scrollTop
}

function isEarlier(target: EventTarget | null): boolean {
  const article = target instanceof Element ? target.closest('[aria-posinset]') : null
  return article !== null && article.getAttribute('aria-posinset') !== article.getAttribute('aria-setsize')
}
