// The open conversation for components: its stores as hooks. What changes with every token is taken at most once per frame.
import { useEffect, useState } from 'react'
import type { StoreApi } from 'zustand'
import { useStore } from 'zustand'
import type { OpenConversation } from '../../state/chats/api.ts'
import { useApp } from '../app.ts'

export function useConversation(): OpenConversation {
  return useApp().conversation
}

/** The model in use can be asked: nothing runs, and it is loaded. */
export function useIsIdle(): boolean {
  return useStore(useConversation().store, ({ run }) => run.kind === 'idle')
}

/** The open chat is read alone. */
export function useIsLocked(): boolean {
  const { chats, conversation } = useApp()
  useStore(chats.store, ({ notice }) => notice)
  return useStore(conversation.store, () => conversation.isLocked())
}

/** One value of a store that changes faster than the screen: at most one rendering per frame, always the newest. */
export function useFrameValue<State, Value>(store: StoreApi<State>, select: (state: State) => Value): Value {
  const [value, setValue] = useState(() => select(store.getState()))
  // biome-ignore lint/correctness/useExhaustiveDependencies: select is a new function in every rendering and means the same
  useEffect(() => {
    let frame: number | null = null
    const show = () => {
      frame = null
      setValue(() => select(store.getState()))
    }
    const unsubscribe = store.subscribe(() => {
      frame ??= requestAnimationFrame(show)
    })
    show()
    return () => {
      unsubscribe()
      if (frame !== null) cancelAnimationFrame(frame)
    }
  }, [store])
  return value
}
