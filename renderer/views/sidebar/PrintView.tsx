// A chat laid out for paper, whole: the window shows only the messages near the eye. It is seen by the printer alone, and goes when the page was printed.
import { useEffect } from 'react'
import { createPortal } from 'react-dom'
import { speakerOf } from '../../../shared/chats/export/markdown.ts'
import type { PrintedChat } from '../../state/exporting.ts'
import { useApp, useValue } from '../app.ts'

export function PrintView() {
  const { exporting } = useApp()
  const printed = useValue(exporting.store, (state) => state.printed)
  return printed === null ? null : <Printed {...printed} onLaidOut={exporting.laidOut} />
}

interface PrintedProps extends PrintedChat {
  readonly onLaidOut: () => Promise<void>
}

function Printed({ title, systemText, path, words, onLaidOut }: PrintedProps) {
  useEffect(() => {
    // After the frame in which the page has it.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => void onLaidOut())
    })
    return () => cancelAnimationFrame(frame)
  }, [onLaidOut])
  return createPortal(
    <div className="print-view">
      <h1 dir="auto">{title === '' ? words.untitled : title}</h1>
      <p className="print-about">{words.about}</p>
      {systemText === null || systemText === '' ? null : (
        <section>
          <h2>{words.system}</h2>
          <div className="print-plain" dir="auto">
            {systemText}
          </div>
        </section>
      )}
      {path.map((message) => (
        <section key={message.id}>
          <h2 dir="auto">{speakerOf(message, words)}</h2>
          <div className="print-plain" dir="auto">
            {message.text}
          </div>
          {message.input === '' ? null : (
            <>
              <h3>{words.input}</h3>
              <div className="print-plain" dir="auto">
                {message.input}
              </div>
            </>
          )}
        </section>
      ))}
    </div>,
    document.body,
  )
}
