// A base model's desk, tied to the open chat: the text, and below it Continue, the form of the text, and how the last continuation went.
import { Info, Undo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { continueWriting } from '../../commands/continueWriting.ts'
import { undoWriting } from '../../commands/undoWriting.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { CommandButton } from '../CommandButton.tsx'
import { runText, SendButton } from './Composer.tsx'
import { DocumentEditor } from './DocumentEditor.tsx'
import { figuresText, speedText } from './Figures.tsx'
import { Introduction } from './Introduction.tsx'
import { useConversation, useFrameValue, useIsLocked } from './talk.ts'
import { useCanSend } from './useCanSend.ts'
import { withLive } from './withLive.ts'

export function DocumentDesk() {
  const app = useApp()
  const { navigation } = app
  const conversation = useConversation()
  const { store } = conversation
  const run = useValue(store, (state) => state.run)
  const document = useFrameOrNow()
  const chatId = useValue(store, ({ chat }) => chat?.id ?? '')
  const isStarted = useValue(store, ({ path }) => path.length > 0)
  const speed = useFrameValue(store, ({ live }) => live?.tokensPerSecond ?? null)
  const last = useValue(store, ({ document: open, messages }) => messages.get(open?.messageId ?? ''))
  const canSend = useCanSend()
  const isLocked = useIsLocked()
  const sought = useSoughtText(document.text)
  useEffect(() => {
    if (sought !== null) navigation.seek(null)
  }, [navigation, sought])
  const words = runText(run, speed === null ? null : speedText(speed)) ?? (last === undefined ? '' : figuresText(last))
  return (
    <div className="desk">
      <Introduction isShort={isStarted} />
      <p className="base-line">
        <Info aria-hidden="true" />
        {t('chat.base.line')}
      </p>
      <div className="paper">
        <DocumentEditor
          chatId={chatId}
          text={document.text}
          written={document.written}
          isRunning={run.kind !== 'idle'}
          isLocked={isLocked}
          onChange={conversation.editDocument}
          sought={sought}
        />
        <div className="composer-bar">
          <p className="composer-words figures">{words}</p>
          <CommandButton command={undoWriting} icon={<Undo2 aria-hidden="true" />} />
          <SendButton
            run={run}
            label={continueWriting.title(app)}
            hasKeys
            canSend={canSend}
            onSend={() => void conversation.send()}
            onStop={conversation.stop}
          />
        </div>
      </div>
    </div>
  )
}

/** The text with what is being written: at once when a person types, with each frame when the model writes. */
function useFrameOrNow() {
  const { store } = useConversation()
  const document = useValue(store, (state) => state.document)
  const live = useFrameValue(store, (state) => state.live)
  return withLive(document, live)
}

/** Where a message that is sought stands in the text. */
function useSoughtText(text: string): readonly [start: number, end: number] | null {
  const { navigation } = useApp()
  const { store } = useConversation()
  const soughtId = useValue(navigation.store, (state) => state.soughtId)
  const message = useValue(store, ({ messages }) => messages.get(soughtId ?? ''))
  const [place, setPlace] = useState<readonly [number, number] | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it is sought
  useEffect(() => {
    if (message === undefined) return
    // A text that is made of a conversation has its messages without the space around them.
    const words = message.role === 'document' ? message.text : message.text.trim()
    const start = words === '' ? -1 : text.indexOf(words)
    setPlace(start < 0 ? [0, 0] : [start, start + words.length])
  }, [message])
  return place
}
