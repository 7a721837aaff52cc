// The answer to a question that changes: the newest one counts. While the next is on its way the last one stays, and typing asks once, when it pauses.
import { type DependencyList, useEffect, useRef, useState } from 'react'
import { failureLine } from '../../problems/problemText.ts'

export type Answered<Value> =
  | { readonly kind: 'asking' }
  | { readonly kind: 'known'; readonly value: Value }
  | { readonly kind: 'failed'; readonly detail: string }

const pauseMs = 200

export function useAnswer<Value>(ask: () => Promise<Value>, dependencies: DependencyList): Answered<Value> {
  const [answer, setAnswer] = useState<Answered<Value>>({ kind: 'asking' })
  const newest = useRef(ask)
  newest.current = ask
  const isFirst = useRef(true)
  useEffect(() => {
    let isCurrent = true
    const show = (next: Answered<Value>) => {
      if (isCurrent) setAnswer(next)
    }
    const start = () =>
      void newest.current().then(
        (value) => show({ kind: 'known', value }),
        (error: unknown) => show({ kind: 'failed', detail: failureLine(error) }),
      )
    const timer = setTimeout(start, isFirst.current ? 0 : pauseMs)
    isFirst.current = false
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
    // biome-ignore lint/correctness/useExhaustiveDependencies: whoever asks says what the answer depends on
  }, dependencies)
  return answer
}
