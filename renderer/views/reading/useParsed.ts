// What the parser says of a block: at once when it is known, else later; while a block grows, the answer to what it was a moment ago.
import { use, useEffect, useRef, useState } from 'react'
import { keyOf } from '../../reading/cache.ts'
import { type Follower, follow } from '../../reading/follow.ts'
import type { ParseAnswer, ParseRequest } from '../../reading/protocol.ts'
import { ReadingContext } from './readingContext.ts'

interface Shown {
  readonly request: ParseRequest
  readonly answer: ParseAnswer
}

/** null: nothing is known yet. A request of null asks for nothing. */
export function useParsed(request: ParseRequest | null, owner: object, isGrowing: boolean): ParseAnswer | null {
  const { reader: readerOf, nextFrame } = use(ReadingContext)
  const reader = readerOf()
  const [shown, setShown] = useState<Shown | null>(null)
  const follower = useRef<Follower | null>(null)
  const key = request === null ? null : keyOf(request)
  const isShown = shown !== null && keyOf(shown.request) === key
  const known = request === null ? null : isShown ? shown.answer : reader.known(request)

  useEffect(() => {
    const started = follow({ reader, owner, nextFrame, show: (asked, answer) => setShown({ request: asked, answer }) })
    follower.current = started
    return () => started.end()
  }, [reader, owner, nextFrame])

  const isKnown = known !== null
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the request; the parts make a new follower.
  useEffect(() => {
    if (request !== null && !isKnown) follower.current?.want(request, isGrowing)
  }, [key, isKnown, reader, owner, nextFrame])

  return known ?? (isGrowing && request !== null ? (shown?.answer ?? null) : null)
}
