// The app for components: from context, with its stores as hooks.
import { createContext, use } from 'react'
import { type StoreApi, useStore } from 'zustand'
import type { App } from '../state/app.ts'

export const AppContext = createContext<App | null>(null)
export const isMac = /mac/i.test(navigator.platform)

export function useApp(): App {
  const app = use(AppContext)
  if (app === null) throw new Error('a view needs the app around it')
  return app
}

/** One value of a store; the component renders again when it changes. */
export function useValue<State, Value>(store: StoreApi<State>, select: (state: State) => Value): Value {
  return useStore(store, select)
}

/** Everything that decides what commands can do: components that show commands render again when any of it changes. */
export function useAll(app: App) {
  return {
    models: useStore(app.models),
    chats: useStore(app.chats.store),
    copies: useStore(app.copies.store),
    conversation: useStore(app.conversation.store),
    appearance: useStore(app.appearance),
    finding: useStore(app.finding.store),
    navigation: useStore(app.navigation.store),
    shortcuts: useStore(app.shortcuts),
  }
}
