// A surface that stays at its end while text grows there, until its reader scrolls up; at its end once more, it stays again.
import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'

const endPx = 12

export function useStaysAtEnd(surface: RefObject<HTMLElement | null>, isGrowing: boolean, text: string): void {
  const stays = useRef(true)
  const topPx = useRef(0)
  useEffect(() => {
    const element = surface.current
    if (element === null) return
    const stop = new AbortController()
    const look = () => {
      const isAtEnd = element.scrollHeight - element.clientHeight - element.scrollTop <= endPx
      if (isAtEnd) stays.current = true
      else if (element.scrollTop < topPx.current) stays.current = false
      topPx.current = element.scrollTop
    }
    element.addEventListener('scroll', look, { passive: true, signal: stop.signal })
    return () => stop.abort()
  }, [surface])
  // A run begins at the end, wherever its reader was.
  useEffect(() => {
    if (isGrowing) stays.current = true
  }, [isGrowing])
  // biome-ignore lint/correctness/useExhaustiveDependencies: each piece of text scrolls
  useLayoutEffect(() => {
    if (isGrowing && stays.current) surface.current?.scrollTo({ top: surface.current.scrollHeight })
  }, [text, isGrowing])
}
