// Says aloud, to screen readers, what changes without a key being pressed: loading, ready, writing; and an answer sentence by sentence as it comes.
import { useEffect, useRef, useState } from 'react'
import type { ConversationState } from '../../state/chats/api.ts'
import type { ModelsState } from '../../state/models.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { finishedLength } from './sentences.ts'
import { useConversation, useFrameValue } from './talk.ts'

export function Announcer() {
  const app = useApp()
  const models = useValue(app.models, (state) => state)
  const { store } = useConversation()
  const run = useValue(store, (state) => state.run)
  const messages = useValue(store, (state) => state.messages)
  const [ended, setEnded] = useState<Ended | null>(null)
  const [read, setRead] = useState('')
  const wrote = useRef<{ readonly id: string; readonly readLength: number } | null>(null)
  // Once per frame: to look into a text that grows by tokens is to copy it.
  const live = useFrameValue(store, (state) => state.live)
  useEffect(() => {
    if (live === null || wrote.current?.id !== live.messageId) return
    const before = wrote.current.readLength
    const length = finishedLength(live.text, before)
    if (length > before) setRead(live.text.slice(before, length).trim())
    wrote.current = { id: live.messageId, readLength: length }
  }, [live])
  useEffect(
    () =>
      store.subscribe(({ live: written, messages: known }) => {
        if (written !== null) {
          if (wrote.current?.id === written.messageId) return
          wrote.current = { id: written.messageId, readLength: written.startsAt }
          setEnded(null)
        } else if (wrote.current !== null) {
          const { id, readLength } = wrote.current
          const message = known.get(id)
          if (message === undefined || message.state === 'streaming') return
          wrote.current = null
          setRead('')
          setEnded({ messageId: id, unread: message.text.slice(readLength).trim() })
        }
      }),
    [store],
  )
  // Another chat is another matter.
  const chatId = useValue(store, (state) => state.chat?.id)
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the chat or the model changes
  useEffect(() => setEnded(null), [chatId, models.selected])
  return (
    <>
      <p className="visually-hidden" role="status">
        {announcement(models, run, endingOf(messages, ended))}
      </p>
      <p className="visually-hidden" aria-live="polite">
        {read}
      </p>
    </>
  )
}

interface Ended {
  readonly messageId: string
  readonly unread: string
}

export interface Ending {
  readonly tokens: number
  readonly isStopped: boolean
  /** What was not read aloud while it came. */
  readonly unread: string
}

function endingOf(messages: ConversationState['messages'], ended: Ended | null): Ending | null {
  const message = ended === null ? undefined : messages.get(ended.messageId)
  if (ended === null || message?.figures == null) return null
  return {
    tokens: message.figures.completionTokens,
    isStopped: message.finish === 'stopped',
    unread: ended.unread,
  }
}

/** The one sentence that holds now. */
export function announcement(
  { status, selected, recovery }: Pick<ModelsState, 'status' | 'selected' | 'recovery'>,
  run: ConversationState['run'],
  ending: Ending | null,
): string {
  const model = selected?.manifest.title ?? t('chat.announce.theModel')
  if (run.kind === 'waiting') return t('chat.announce.waiting')
  switch (status.kind) {
    case 'starting':
      return t('chat.announce.starting')
    case 'loading':
      return recovery === 'reloading' ? t('chat.announce.lost') : t('chat.announce.loading', { model })
    case 'failed':
      return ''
    case 'ready':
      break
    default:
      return status satisfies never
  }
  if (run.kind !== 'idle') return t('chat.announce.writing')
  if (ending === null) return t('chat.announce.ready', { model })
  const words = t(ending.isStopped ? 'chat.announce.stopped' : 'chat.announce.finished', { count: ending.tokens })
  return `${words} ${ending.unread}`.trim()
}
