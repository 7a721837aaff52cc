// What a message says: an answer is read as Markdown, a person's words stand as they are, a document shows what models wrote in it.
import type { Message } from '../../../shared/chats/types.ts'
import { authors } from '../../state/document.ts'
import { t } from '../../words/words.ts'
import { PlainText } from '../reading/PlainText.tsx'
import { Reading } from '../reading/Reading.tsx'

export interface MessageTextProps {
  readonly message: Message
  /** In place of the message's text while it is being written. */
  readonly text: string
  readonly isLive: boolean
  readonly onLink: (address: string) => void
}

export function MessageText({ message, text, isLive, onLink }: MessageTextProps) {
  if (message.role === 'document')
    return (
      <div className="message-plain message-document">
        {authors({ text, written: message.written }).map(({ text: part, model }, index) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text, always in the same order
          model ? <mark key={index}>{part}</mark> : <span key={index}>{part}</span>,
        )}
      </div>
    )
  if (message.role === 'user')
    return (
      <>
        <PlainText text={text} />
        {message.input === '' ? null : (
          <div className="message-input">
            <span className="message-input-label">{t('chat.message.input')}</span>
            <PlainText text={message.input} />
          </div>
        )}
      </>
    )
  if (text === '' && !isLive) return <p className="message-empty">{t('chat.message.empty')}</p>
  return <Reading text={text} isLive={isLive} onLink={onLink} />
}
