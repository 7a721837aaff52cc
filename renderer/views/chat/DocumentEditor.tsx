// A base model's text. A text area cannot colour stretches, so the same text lies behind it with the model's stretches marked; both share one grid cell, and
// the text area's own letters are transparent.
import { type Ref, useEffect, useRef } from 'react'
import type { Message } from '../../../shared/chats/types.ts'
import { authors } from '../../state/document.ts'
import { t } from '../../words/words.ts'
import { useStaysAtEnd } from './useStaysAtEnd.ts'

export interface DocumentEditorProps {
  /** Another chat is another text: it opens at its end. */
  readonly chatId: string
  readonly text: string
  readonly written: Message['written']
  /** The model writes at the end: nobody else does meanwhile. */
  readonly isRunning: boolean
  readonly isLocked: boolean
  readonly onChange: (text: string) => void
  /** Characters to show and to select, once; null for none. */
  readonly sought: readonly [start: number, end: number] | null
  readonly ref?: Ref<HTMLTextAreaElement>
}

export function DocumentEditor({
  chatId,
  text,
  written,
  isRunning,
  isLocked,
  onChange,
  sought,
  ref,
}: DocumentEditorProps) {
  const surface = useRef<HTMLDivElement>(null)
  const editor = useRef<HTMLTextAreaElement>(null)
  const page = useRef<HTMLDivElement>(null)
  const end = useStaysAtEnd(surface, page, chatId)
  // A run begins at the end, wherever its writer was.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it begins
  useEffect(() => {
    if (isRunning) end.stay()
  }, [isRunning])
  // biome-ignore lint/correctness/useExhaustiveDependencies: when something else is sought
  useEffect(() => {
    if (sought === null || editor.current === null) return
    end.leave()
    editor.current.setSelectionRange(sought[0], sought[1])
    const share = sought[0] / Math.max(1, editor.current.value.length)
    surface.current?.scrollTo({ top: share * surface.current.scrollHeight - surface.current.clientHeight / 2 })
  }, [sought])
  let start = 0
  return (
    <div className="surface" ref={surface}>
      <div className="page" ref={page}>
        <div className="page-text" aria-hidden="true">
          {authors({ text, written }).map(({ text: part, model }) => {
            const key = start
            start += part.length
            return model ? <mark key={key}>{part}</mark> : <span key={key}>{part}</span>
          })}
          {isRunning ? <span className="pen" /> : null}
          {'\u200b'}
        </div>
        <textarea
          ref={(element) => {
            editor.current = element
            if (typeof ref === 'function') ref(element)
            else if (ref != null) ref.current = element
          }}
          className="page-text"
          aria-label={t('chat.base.editor')}
          aria-describedby="document-help"
          spellCheck={false}
          readOnly={isRunning || isLocked}
          value={text}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
        {text === '' ? (
          <p className="page-hint" aria-hidden="true">
            {t('chat.base.hint')}
          </p>
        ) : null}
      </div>
      <p id="document-help" className="visually-hidden">
        {t('chat.base.help')}
      </p>
    </div>
  )
}
