// Finding text in the open chat: in every message of the branch, whether it is on the screen or not; with a base model in its text. Case does not count.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ConversationState } from './chats/api.ts'

/** One place: the nth in a message, from 0. */
export interface Place {
  /** null: the text that a base model continues. */
  readonly messageId: string | null
  readonly nth: number
}

export interface FindingState {
  readonly text: string
  /** Among the places, from 0. */
  readonly at: number
  /** How often the line was asked for: each time its field takes the focus. */
  readonly asked: number
}

export function createFinding(conversation: StoreApi<ConversationState>, seek: (messageId: string) => void) {
  const store = createStore<FindingState>()(() => ({ text: '', at: 0, asked: 0 }))
  const places = () => placesIn(conversation.getState(), store.getState().text)

  function go(at: number): void {
    store.setState({ at })
    const place = places()[at]
    if (place?.messageId != null) seek(place.messageId)
  }

  return {
    store,
    ask: () => store.setState(({ asked }) => ({ asked: asked + 1 })),
    /** Begins with the newest place, which is nearest to what is seen. */
    look: (text: string) => {
      store.setState({ text })
      go(Math.max(0, places().length - 1))
    },
    /** After the last comes the first. */
    step: (by: 1 | -1) => {
      const count = places().length
      if (count > 0) go((Math.min(store.getState().at, count - 1) + by + count) % count)
    },
  }
}

export type FoundIn = Pick<ConversationState, 'path' | 'document'>

export function placesIn({ path, document }: FoundIn, text: string): readonly Place[] {
  const texts = document === null ? path : [{ id: null, text: document.text }]
  return texts.flatMap(({ id, text: within }) => placesOf(within, text).map((_, nth) => ({ messageId: id, nth })))
}

/** Where a text begins within another, without overlaps. */
export function placesOf(within: string, text: string): readonly number[] {
  const wanted = folded(text)
  if (wanted.trim() === '') return []
  const all = folded(within)
  const starts: number[] = []
  for (let at = all.indexOf(wanted); at !== -1; at = all.indexOf(wanted, at + wanted.length)) starts.push(at)
  return starts
}

/** In lower case, and as long as before: a few capital letters have small ones of two characters. */
function folded(text: string): string {
  const lower = text.toLowerCase()
  if (lower.length === text.length) return lower
  return Array.from(text, (letter) =>
    letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter,
  ).join('')
}
