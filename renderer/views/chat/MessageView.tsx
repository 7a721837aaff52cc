// One message: who wrote it, what it says, how it was written, and what can be done with it. Plain data in; whoever shows it decides where it comes from.
import { CircleSlash, Equal, EqualNot, EyeOff, Info } from 'lucide-react'
import { type KeyboardEvent, useId, useRef } from 'react'
import { itemCommandOf } from '../../commands/itemCommand.ts'
import {
  type MessageItem,
  type MessageParts,
  messageCommands,
  versionCommands,
} from '../../commands/messageCommands.ts'
import type { ConversationState } from '../../state/chats/api.ts'
import { Chip } from '../../ui/Chip.tsx'
import { t } from '../../words/words.ts'
import { isMac } from '../app.ts'
import { useChangedKeys } from '../keys.ts'
import { Figures } from './Figures.tsx'
import { MessageActions } from './MessageActions.tsx'
import { MessageEditor } from './MessageEditor.tsx'
import { MessageText } from './MessageText.tsx'
import { Versions } from './Versions.tsx'

export interface MessageViewProps {
  readonly item: MessageItem
  readonly parts: MessageParts
  /** The text so far of the answer that is being written; null of any other. */
  readonly liveText: string | null
  /** From 0, and of how many: the list shows only a part of them. */
  readonly index: number
  readonly count: number
  /** It has the place of the keyboard in the list. */
  readonly isActive: boolean
  readonly isLast: boolean
  readonly isForgotten: boolean
  /** The model reads only a part of it. */
  readonly isCut: boolean
  /** A search led here. */
  readonly isSought: boolean
  readonly isEdited: boolean
  /** How its repetition came out; null where there was none. */
  readonly repeated: ConversationState['repeated']
  readonly onSend: (text: string, input: string) => void
  readonly onCancel: () => void
  readonly onLink: (address: string) => void
}

const allCommands = [...Object.values(messageCommands), ...Object.values(versionCommands)]

export function MessageView(props: MessageViewProps) {
  const { item, parts, liveText, index, count, isActive, isEdited, isForgotten, isCut, repeated } = props
  const { message } = item
  const id = useId()
  const article = useRef<HTMLElement>(null)
  const changed = useChangedKeys()
  const isLive = liveText !== null
  const writer =
    message.role === 'user'
      ? t('chat.you')
      : (message.writer?.title ?? t(`chat.${message.role === 'document' ? 'document' : 'model'}`))
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || isEdited || !(event.target instanceof HTMLElement)) return
    // Enter on the message itself edits it; on one of its buttons it presses that.
    const isOwn = event.target === event.currentTarget
    const isEnter = event.key === 'Enter' && isOwn
    const command = isEnter && messageCommands.edit.isEnabled(item) ? messageCommands.edit : pressed(event)
    if (command === undefined) return
    event.preventDefault()
    command.run(parts, item)
  }
  const pressed = (event: KeyboardEvent) => itemCommandOf(allCommands, item, event.nativeEvent, isMac, changed)
  return (
    <article
      ref={article}
      className={classOf(props)}
      data-message={message.id}
      tabIndex={isActive ? 0 : -1}
      aria-labelledby={`${id}-who`}
      aria-posinset={index + 1}
      aria-setsize={count}
      aria-busy={isLive}
      onKeyDown={onKeyDown}
    >
      <header className="message-head">
        <h2 id={`${id}-who`} className="message-writer">
          {writer}
        </h2>
        {message.writer === null ? null : <Chip>{message.writer.variant}</Chip>}
        {isForgotten || isCut ? (
          <Chip
            kind="caution"
            icon={<EyeOff aria-hidden="true" />}
            title={t(isForgotten ? 'chat.message.forgottenHint' : 'chat.message.cutHint')}
          >
            {t(isForgotten ? 'chat.message.forgotten' : 'chat.message.cut')}
          </Chip>
        ) : null}
        {repeated === null ? null : (
          <Chip
            kind={repeated.isSame ? 'good' : 'caution'}
            icon={repeated.isSame ? <Equal aria-hidden="true" /> : <EqualNot aria-hidden="true" />}
          >
            {t(repeated.isSame ? 'chat.message.same' : 'chat.message.different')}
          </Chip>
        )}
        {message.role !== 'user' || isEdited ? null : <MessageActions item={item} parts={parts} isActive={isActive} />}
      </header>
      {isEdited ? (
        <MessageEditor
          message={message}
          canSend={item.canWrite && item.isIdle}
          onSend={(text, input) => {
            article.current?.focus()
            props.onSend(text, input)
          }}
          onCancel={() => {
            article.current?.focus()
            props.onCancel()
          }}
        />
      ) : (
        <div className="message-body">
          <MessageText message={message} text={liveText ?? message.text} isLive={isLive} onLink={props.onLink} />
          {isLive ? <span className="pen" aria-hidden="true" /> : null}
        </div>
      )}
      {repeated !== null && !repeated.isSame && repeated.fromCache ? (
        <p className="message-state">
          <Info aria-hidden="true" />
          {t('chat.message.wasRemembered')}
        </p>
      ) : null}
      {message.state === 'interrupted' ? (
        <p className="message-state">
          <CircleSlash aria-hidden="true" />
          {t('chat.message.interrupted')}
        </p>
      ) : null}
      {isEdited || isLive || (message.role === 'user' && item.versions.length < 2) ? null : (
        <footer className="message-foot">
          <Versions item={item} parts={parts} isActive={isActive} />
          {message.role === 'user' ? null : <MessageActions item={item} parts={parts} isActive={isActive} />}
          <Figures figures={message.figures} finish={message.finish} />
        </footer>
      )}
    </article>
  )
}

function classOf({ item: { message }, isForgotten, isSought, isLast }: MessageViewProps): string {
  return [
    'message',
    `message-${message.role}`,
    ...(isForgotten ? ['is-forgotten'] : []),
    ...(isSought ? ['is-sought'] : []),
    ...(isLast ? ['is-last'] : []),
  ].join(' ')
}
