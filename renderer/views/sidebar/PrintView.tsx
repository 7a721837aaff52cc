// A chat laid out for paper, whole: the window shows only the messages near the eye. It is seen by the printer alone, and goes when the page was printed.
import { use, useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { speakerOf } from '../../../shared/chats/export/markdown.ts'
import type { PrintedChat } from '../../state/exporting.ts'
import { useApp, useValue } from '../app.ts'
import { Tree } from '../reading/MarkdownBlock.tsx'
import { ReadingContext } from '../reading/readingContext.ts'
import { type PaperBlock, readForPaper } from './readForPaper.ts'

export function PrintView() {
  const { exporting } = useApp()
  const printed = useValue(exporting.store, (state) => state.printed)
  return printed === null ? null : <Printed printed={printed} onLaidOut={exporting.laidOut} />
}

interface PrintedProps {
  readonly printed: PrintedChat
  readonly onLaidOut: () => Promise<void>
}

function Printed({ printed, onLaidOut }: PrintedProps) {
  const { reader } = use(ReadingContext)
  const [texts, setTexts] = useState<readonly (readonly PaperBlock[])[] | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    const read = reader()
    void Promise.all(printed.path.map((message) => readForPaper(message, read, stop.signal))).then(setTexts, () => {})
    return () => stop.abort(new Error('it is no longer printed'))
  }, [printed, reader])
  useEffect(() => {
    if (texts === null) return
    // After the frame in which the page has it.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => void onLaidOut())
    })
    return () => cancelAnimationFrame(frame)
  }, [texts, onLaidOut])
  return texts === null ? null : createPortal(<Paper printed={printed} texts={texts} />, document.body)
}

interface PaperProps {
  readonly printed: PrintedChat
  /** Of each message of the path. */
  readonly texts: readonly (readonly PaperBlock[])[]
}

export function Paper({ printed: { title, systemText, path, words }, texts }: PaperProps) {
  return (
    <div className="print-view">
      <h1 dir="auto">{title === '' ? words.untitled : title}</h1>
      <p className="print-about">{words.about}</p>
      {systemText === null || systemText === '' ? null : (
        <section>
          <h2>{words.system}</h2>
          <PlainText text={systemText} />
        </section>
      )}
      {path.map((message, index) => (
        <section key={message.id}>
          <h2 dir="auto">{speakerOf(message, words)}</h2>
          <div className="reading">
            {(texts[index] ?? []).map((block, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of one text, which does not change
              <Block key={place} block={block} />
            ))}
          </div>
          {message.input === '' ? null : (
            <>
              <h3>{words.input}</h3>
              <PlainText text={message.input} />
            </>
          )}
        </section>
      ))}
    </div>
  )
}

function Block({ block }: { readonly block: PaperBlock }) {
  switch (block.kind) {
    case 'tree':
      return <Tree nodes={block.nodes} />
    case 'code':
      return <pre>{block.text}</pre>
    case 'plain':
      return <PlainText text={block.text} />
    default:
      return block satisfies never
  }
}

function PlainText({ text }: { readonly text: string }) {
  return (
    <div className="print-plain" dir="auto">
      {text}
    </div>
  )
}
