// A part of a base model's text as it is seen behind the text area: what models wrote is marked. A paragraph renders again only when it changed.
import { memo, type Ref } from 'react'
import type { Message } from '../../../shared/chats/types.ts'
import { authorsWithin } from '../../state/document.ts'
import { type PagePart, paragraphsOf } from './pagePart.ts'

type Pieces = ReturnType<typeof authorsWithin>

export interface PageTextProps {
  readonly text: string
  readonly written: Message['written']
  readonly part: PagePart
  /** Where it begins; null: it is not to be seen yet. */
  readonly topPx: number | null
  /** The model writes at its end. */
  readonly hasPen: boolean
  readonly ref?: Ref<HTMLDivElement>
}

export function PageText({ text, written, part, topPx, hasPen, ref }: PageTextProps) {
  const paragraphs = paragraphsOf(text, part)
  return (
    <div
      className="page-text page-part"
      aria-hidden="true"
      style={topPx === null ? { visibility: 'hidden' } : { marginBlockStart: topPx }}
      ref={ref}
    >
      {paragraphs.map(({ start, end }, index) => (
        <Paragraph
          // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name, and text grows at its end.
          key={index}
          pieces={authorsWithin({ text, written }, start, end)}
          isLast={end === text.length && index === paragraphs.length - 1}
          hasPen={hasPen && end === text.length && index === paragraphs.length - 1}
        />
      ))}
    </div>
  )
}

interface ParagraphProps {
  readonly pieces: Pieces
  /** It has a line also where it is empty. */
  readonly isLast: boolean
  readonly hasPen: boolean
}

const Paragraph = memo(
  function Paragraph({ pieces, isLast, hasPen }: ParagraphProps) {
    let start = 0
    return (
      <div>
        {pieces.map(({ text, model }) => {
          const key = start
          start += text.length
          return model ? <mark key={key}>{text}</mark> : <span key={key}>{text}</span>
        })}
        {hasPen ? <span className="pen" /> : null}
        {isLast ? '\u200b' : null}
      </div>
    )
  },
  (before, after) =>
    before.isLast === after.isLast && before.hasPen === after.hasPen && isSame(before.pieces, after.pieces),
)

function isSame(before: Pieces, after: Pieces): boolean {
  return (
    before.length === after.length &&
    before.every(({ text, model }, index) => text === after[index]?.text && model === after[index]?.model)
  )
}
