// A message of one's own, edited in its place: Enter sends it as another version, Esc leaves it as it was.
import { type KeyboardEvent, useId, useState } from 'react'
import type { Message } from '../../../shared/chats/types.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { isSendKey } from './sendKey.ts'

export interface MessageEditorProps {
  readonly message: Pick<Message, 'text' | 'input'>
  /** A model is ready. */
  readonly canSend: boolean
  readonly onSend: (text: string, input: string) => void
  readonly onCancel: () => void
}

export function MessageEditor({ message, canSend, onSend, onCancel }: MessageEditorProps) {
  const [text, setText] = useState(message.text)
  const [input, setInput] = useState(message.input)
  const id = useId()
  const mayGo = canSend && text.trim() !== ''
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      onCancel()
    } else if (isSendKey(event.nativeEvent)) {
      event.preventDefault()
      if (mayGo) onSend(text.trim(), input)
    }
  }
  return (
    <div className="message-editor">
      <label className="visually-hidden" htmlFor={id}>
        {t('chat.message.edited')}
      </label>
      <textarea
        id={id}
        // biome-ignore lint/a11y/noAutofocus: a person asked to edit it
        autoFocus
        className="growing"
        spellCheck={false}
        value={text}
        onFocus={({ currentTarget }) => currentTarget.setSelectionRange(text.length, text.length)}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {message.input === '' ? null : (
        <textarea
          aria-label={t('chat.message.editInput')}
          className="growing"
          spellCheck={false}
          value={input}
          onChange={({ currentTarget }) => setInput(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      )}
      <div className="message-editor-buttons">
        <Button label={t('chat.cancel')} onPress={onCancel} />
        <Button kind="primary" label={t('chat.send')} disabled={!mayGo} onPress={() => onSend(text.trim(), input)} />
      </div>
    </div>
  )
}
