import { useStore } from 'zustand'
import { useApp, useValue } from '../app.ts'
import { useConversation } from './talk.ts'

/** Whether sending would do something now; renders again when anything that decides it changes. */
export function useCanSend(): boolean {
  const app = useApp()
  const conversation = useConversation()
  useValue(app.models, (state) => state)
  useValue(app.chats.store, ({ notice }) => notice)
  return useStore(conversation.store, () => conversation.canSend())
}
