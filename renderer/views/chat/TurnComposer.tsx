// The composer, tied to the open chat.
import { usualChatSettings } from '../../../shared/chats/types.ts'
import { continueWriting } from '../../commands/continueWriting.ts'
import { useApp, useValue } from '../app.ts'
import { Composer } from './Composer.tsx'
import { speedText } from './Figures.tsx'
import { useConversation, useFrameValue } from './talk.ts'
import { useCanSend } from './useCanSend.ts'

const nothing = { text: '', input: '' } as const

export function TurnComposer({ kind }: { readonly kind: 'instruct' | 'chat' }) {
  const app = useApp()
  const conversation = useConversation()
  const { store } = conversation
  const draft = useValue(store, ({ chat }) => chat?.draft ?? nothing)
  const settings = useValue(store, ({ chat }) => chat?.settings ?? usualChatSettings)
  const run = useValue(store, (state) => state.run)
  const speed = useFrameValue(store, ({ live }) => live?.tokensPerSecond ?? null)
  const model = useValue(app.models, ({ selected }) => selected?.manifest.title ?? null)
  return (
    <Composer
      kind={kind}
      model={model}
      draft={draft}
      run={run}
      tokensPerSecond={speed === null ? null : speedText(speed)}
      canSend={useCanSend()}
      sendsEarlierTurns={settings.sendsEarlierTurns}
      sendKeys="Enter"
      sendLabel={continueWriting.title(app)}
      onDraft={conversation.setDraft}
      onSendsEarlierTurns={(sendsEarlierTurns) => conversation.change({ sendsEarlierTurns })}
      onSend={() => void conversation.send()}
      onStop={conversation.stop}
    />
  )
}
