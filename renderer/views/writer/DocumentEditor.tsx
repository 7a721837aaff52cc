// The document. A text area cannot colour stretches, so the same text lies behind it with the model's stretches marked; both share one grid cell, and
// the text area's own letters are transparent.
import { useEffect, useRef } from 'react'
import { authors, edited } from '../../state/document.ts'
import { useApp, useValue } from '../app.ts'

export function DocumentEditor() {
  const app = useApp()
  const document = useValue(app.writing, (state) => state.document)
  const isIdle = useValue(app.writing, (state) => state.run.kind === 'idle')
  const surface = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each piece of text scrolls
  useEffect(() => {
    if (!isIdle) surface.current?.scrollTo({ top: surface.current.scrollHeight })
  }, [document.text, isIdle])
  let start = 0
  return (
    <div className="surface" ref={surface}>
      <div className="page">
        <div className="page-text" aria-hidden="true">
          {authors(document).map(({ text, model }) => {
            const key = start
            start += text.length
            return model ? <mark key={key}>{text}</mark> : <span key={key}>{text}</span>
          })}
          {isIdle ? null : <span className="pen" />}
          {'\u200b'}
        </div>
        <textarea
          className="page-text"
          aria-label="Document"
          aria-describedby="document-help"
          spellCheck={false}
          readOnly={!isIdle}
          value={document.text}
          onChange={(event) => {
            const text = event.currentTarget.value
            app.writing.setState((state) => ({ document: edited(state.document, text) }))
          }}
        />
        {document.text === '' ? (
          <p className="page-hint" aria-hidden="true">
            Write a beginning.
          </p>
        ) : null}
      </div>
      <p id="document-help" className="visually-hidden">
        The model continues at the end of this text. What it writes is part of the text and can be edited.
      </p>
    </div>
  )
}
