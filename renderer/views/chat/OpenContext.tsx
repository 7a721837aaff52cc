// The context bar, tied to the open chat and to the memory there is.
import { usualChatSettings } from '../../../shared/chats/types.ts'
import { longerContext } from '../../state/switching.ts'
import { bytesText } from '../../words/units.ts'
import { useApp, useValue } from '../app.ts'
import { useManagement } from '../manage.ts'
import { ContextBar } from './ContextBar.tsx'
import { useConversation } from './talk.ts'

export function OpenContext() {
  const app = useApp()
  const management = useManagement()
  const conversation = useConversation()
  const use = useValue(conversation.store, (state) => state.context)
  const whenFull = useValue(conversation.store, ({ chat }) => (chat?.settings ?? usualChatSettings).whenFull)
  const { selected, installed } = useValue(app.models, (state) => state)
  if (use === null || selected === null) return null
  const longer = longerContext(selected, installed, management.machine())
  return (
    <ContextBar
      use={use}
      whenFull={whenFull}
      onWhenFull={(chosen) => conversation.change({ whenFull: chosen })}
      longer={
        longer === null
          ? null
          : {
              contextTokens: longer.model.manifest.contextTokens,
              memory: bytesText(longer.memoryBytes),
              onPress: () => void app.select(longer.model),
            }
      }
    />
  )
}
