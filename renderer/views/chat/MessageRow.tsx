// A message of the open chat with all that it takes from the stores: only the one that is being written renders with each frame.
import { memo } from 'react'
import type { Message } from '../../../shared/chats/types.ts'
import type { MessageParts } from '../../commands/messageCommands.ts'
import { useApp, useValue } from '../app.ts'
import { useManagement } from '../manage.ts'
import { isForgottenIn } from './forgotten.ts'
import { MessageView } from './MessageView.tsx'
import { useConversation, useFrameValue, useIsIdle, useIsLocked } from './talk.ts'

export interface MessageRowProps {
  readonly message: Message
  readonly parts: MessageParts
  readonly index: number
  readonly count: number
  readonly isActive: boolean
  readonly isLast: boolean
  readonly isSought: boolean
  readonly isEdited: boolean
  readonly onEdited: (id: string | null) => void
}

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, parts, isEdited, onEdited, ...rest } = props
  const { id } = message
  const app = useApp()
  const { openLink } = useManagement()
  const conversation = useConversation()
  const { store } = conversation
  const isIdle = useIsIdle()
  const isLocked = useIsLocked()
  const canWrite = useValue(app.models, ({ status }) => status.kind === 'ready')
  const isForgotten = useValue(store, ({ context }) => isForgottenIn(context, id))
  const isCut = useValue(store, ({ context }) => context?.cutId === id)
  const repeated = useValue(store, (state) => (state.repeated?.messageId === id ? state.repeated : null))
  const liveText = useFrameValue(store, ({ live }) => (live?.messageId === id ? live.text : null))
  useValue(store, ({ messages }) => messages)
  const versions = conversation.versionsOf(id)
  const version = Math.max(
    0,
    versions.findIndex((one) => one.id === id),
  )
  return (
    <MessageView
      {...rest}
      item={{ message, version, versions, isIdle, isLocked, canWrite }}
      parts={parts}
      liveText={message.state === 'streaming' ? (liveText ?? message.text) : null}
      isForgotten={isForgotten}
      isCut={isCut}
      repeated={repeated}
      isEdited={isEdited}
      onSend={(text, input) => {
        onEdited(null)
        void conversation.resend(id, text, input)
      }}
      onCancel={() => onEdited(null)}
      onLink={openLink}
    />
  )
})
