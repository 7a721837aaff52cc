// The search over all chats while a person types: a moment after the last key, and an answer that a newer question has overtaken is dropped.
import { useEffect, useState } from 'react'
import type { SearchHit } from '../../../shared/chats/types.ts'
import type { Chats } from '../../state/chats/api.ts'

const pauseMs = 150
export const mostHits = 100

export type SearchState =
  | { readonly kind: 'none' }
  | { readonly kind: 'searching'; readonly hits: readonly SearchHit[] }
  | { readonly kind: 'found'; readonly hits: readonly SearchHit[] }
  | { readonly kind: 'failed'; readonly error: unknown }

export function useSearch(chats: Pick<Chats, 'search'>, text: string, limit = mostHits): SearchState {
  const [state, setState] = useState<SearchState>({ kind: 'none' })
  const words = text.trim().slice(0, 500)
  useEffect(() => {
    if (words === '') {
      setState({ kind: 'none' })
      return
    }
    let isOvertaken = false
    setState((before) => ({ kind: 'searching', hits: 'hits' in before ? before.hits : [] }))
    const timer = setTimeout(() => {
      chats.search(words, null, limit).then(
        (hits) => {
          if (!isOvertaken) setState({ kind: 'found', hits })
        },
        (error: unknown) => {
          if (!isOvertaken) setState({ kind: 'failed', error })
        },
      )
    }, pauseMs)
    return () => {
      isOvertaken = true
      clearTimeout(timer)
    }
  }, [chats, words, limit])
  return state
}
