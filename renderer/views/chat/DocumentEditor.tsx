// A base model's text. A text area cannot colour stretches, so the same text lies behind it with the model's stretches marked, of a long one the part that is
// seen; both share one grid cell, and the text area's own letters are transparent.
import { type Ref, useEffect, useReducer, useRef, useState } from 'react'
import type { Message } from '../../../shared/chats/types.ts'
import { t } from '../../words/words.ts'
import { PageText } from './PageText.tsx'
import { type Page, probeLines, showCharacter } from './pageLines.ts'
import { wholeCharacters } from './pagePart.ts'
import { usePageParts } from './usePageParts.ts'
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
  const probe = useRef<HTMLDivElement>(null)
  const drawn = useRef<HTMLDivElement>(null)
  const [pageNow] = useState(() => (): Page | null => {
    if (editor.current === null || surface.current === null || probe.current === null) return null
    return { editor: editor.current, surface: surface.current, probe: probe.current }
  })
  const { isPlain, part, tail, heightPx } = usePageParts(pageNow, drawn, text, isRunning)
  // What was refused is taken back.
  const [, typed] = useReducer((count: number) => count + 1, 0)
  const end = useStaysAtEnd(surface, page, chatId)
  // A run begins at the end, wherever its writer was.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it begins
  useEffect(() => {
    if (isRunning) end.stay()
  }, [isRunning])
  // biome-ignore lint/correctness/useExhaustiveDependencies: when something else is sought
  useEffect(() => {
    const now = pageNow()
    if (sought === null || now === null) return
    end.leave()
    now.editor.setSelectionRange(sought[0], sought[1])
    showCharacter(now, sought[0])
  }, [sought])
  const topPx = (line: number | null) => (line === null ? null : line * heightPx)
  return (
    <div className="surface" ref={surface}>
      <div className={classOf(isPlain, text.length)} ref={page}>
        {part === null ? null : (
          <PageText
            text={text}
            written={written}
            part={part}
            topPx={topPx(part.line)}
            hasPen={isRunning && tail === null}
            ref={drawn}
          />
        )}
        {tail === null ? null : (
          <PageText text={text} written={written} part={tail} topPx={topPx(tail.line)} hasPen={isRunning} />
        )}
        <div className="page-probe" aria-hidden="true">
          <div className="page-text" ref={probe}>
            {'\n'.repeat(probeLines)}
          </div>
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
          onChange={({ currentTarget }) => {
            onChange(currentTarget.value)
            typed()
          }}
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

/** `is-plain`: the text area shows its own letters. */
function classOf(isPlain: boolean, length: number): string {
  return ['page', ...(isPlain ? ['is-plain'] : []), ...(length > wholeCharacters ? ['is-long'] : [])].join(' ')
}
