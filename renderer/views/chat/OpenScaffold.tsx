// The form of a base model's text, tied to the open chat.
import { usualChatSettings } from '../../../shared/chats/types.ts'
import { useValue } from '../app.ts'
import { ScaffoldChoice } from './ScaffoldChoice.tsx'
import { useConversation, useIsIdle } from './talk.ts'

export function OpenScaffold() {
  const conversation = useConversation()
  const scaffold = useValue(conversation.store, ({ chat }) => (chat?.settings ?? usualChatSettings).scaffold)
  const isIdle = useIsIdle()
  return (
    <ScaffoldChoice
      scaffold={scaffold}
      isRunning={!isIdle}
      onChoose={(chosen) => conversation.change({ scaffold: chosen })}
    />
  )
}
