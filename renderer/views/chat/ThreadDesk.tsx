// The conversation with an instruct or chat model: the thread, tied to the open chat, or what the model is while there is nothing.
import { Undo2, X } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Message } from '../../../shared/chats/types.ts'
import type { MessageParts } from '../../commands/messageCommands.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { useManagement } from '../manage.ts'
import { Introduction } from './Introduction.tsx'
import { MessageRow } from './MessageRow.tsx'
import { type MessagePlace, Thread } from './Thread.tsx'
import { useConversation } from './talk.ts'

export function ThreadDesk() {
  const { navigation, models } = useApp()
  const { copyText } = useManagement()
  const conversation = useConversation()
  const chatId = useValue(conversation.store, ({ chat }) => chat?.id ?? '')
  const path = useValue(conversation.store, (state) => state.path)
  const isBusy = useValue(conversation.store, ({ run }) => run.kind !== 'idle')
  const modelKey = useValue(models, ({ selected }) => selected?.key)
  const soughtId = useValue(navigation.store, (state) => state.soughtId)
  const [editedId, setEditedId] = useState<string | null>(null)
  const [markedId, setMarkedId] = useState<string | null>(null)
  const [said, setSaid] = useState<Said | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: nothing of this is another chat's
  useEffect(() => {
    setEditedId(null)
    setSaid(null)
  }, [chatId, modelKey])
  useEffect(() => {
    if (isBusy) setSaid(null)
  }, [isBusy])
  const parts = useMemo(
    (): MessageParts => ({
      conversation,
      copy: ({ text }) => void copyText(text).then(() => setSaid({ kind: 'copied' })),
      edit: ({ id }) => setEditedId(id),
      inspect: (id) => navigation.inspect(id),
      removed: (message) => {
        const { path: seen } = conversation.store.getState()
        const at = seen.findIndex(({ id }) => id === message.id)
        setSaid({ kind: 'removed', count: at < 0 ? 1 : seen.length - at })
      },
    }),
    [conversation, copyText, navigation],
  )
  const isElsewhere = useValue(
    conversation.store,
    ({ messages, path: seen }) =>
      soughtId !== null && messages.has(soughtId) && seen.every(({ id }) => id !== soughtId),
  )
  useEffect(() => {
    if (isElsewhere && soughtId !== null) conversation.chooseVersion(soughtId)
  }, [conversation, isElsewhere, soughtId])
  const last = path.length - 1
  const isEmpty = path.length === 0
  const place = useRef<HTMLDivElement>(null)
  // With the last message its keyboard goes back to the composer.
  useEffect(() => {
    if (isEmpty && document.activeElement === document.body)
      place.current?.closest('main')?.querySelector('textarea')?.focus()
  }, [isEmpty])
  const renderMessage = useCallback(
    (message: Message, { index, isActive }: MessagePlace) => (
      <MessageRow
        message={message}
        parts={parts}
        index={index}
        count={last + 1}
        isActive={isActive}
        isLast={index === last}
        isSought={message.id === markedId}
        isEdited={message.id === editedId}
        onEdited={setEditedId}
      />
    ),
    [parts, last, editedId, markedId],
  )
  return (
    <>
      {path.length === 0 ? (
        <div className="thread-empty">
          <Introduction isShort={false} />
        </div>
      ) : (
        <>
          <Introduction isShort />
          <Thread
            key={chatId}
            chatId={chatId}
            messages={path}
            isBusy={isBusy}
            soughtId={soughtId}
            onFound={() => {
              setMarkedId(soughtId)
              navigation.seek(null)
            }}
            renderMessage={renderMessage}
          />
        </>
      )}
      <div ref={place} className="said" role="status">
        {said === null ? null : <p>{saidText(said)}</p>}
        {said?.kind === 'removed' ? (
          <Button
            label={t('chat.undo')}
            icon={<Undo2 aria-hidden="true" />}
            onPress={() => {
              conversation.undo()
              setSaid(null)
            }}
          />
        ) : null}
        {said === null ? null : (
          <Button kind="icon" label={t('chat.dismiss')} icon={<X aria-hidden="true" />} onPress={() => setSaid(null)} />
        )}
      </div>
    </>
  )
}

/** What was done to a message, until something else happens. */
type Said = { readonly kind: 'copied' } | { readonly kind: 'removed'; readonly count: number }

function saidText(said: Said): string {
  return said.kind === 'copied' ? t('chat.message.copied') : t('chat.message.removed', { count: said.count })
}
