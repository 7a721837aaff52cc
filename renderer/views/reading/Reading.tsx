// The text of a message as markdown. Blocks are parsed apart, by a worker, and shown as they were written until that is done, or for good when it cannot be.
import { useMemo, useRef, useState } from 'react'
import { portionOf } from '../../reading/portion.ts'
import { t } from '../../words/words.ts'
import { CodeFence } from './CodeFence.tsx'
import { MarkdownBlock } from './MarkdownBlock.tsx'
import { LinkContext } from './readingContext.ts'

export interface ReadingProps {
  readonly text: string
  /** More is being written. */
  readonly isLive: boolean
  readonly onLink: (address: string) => void
}

export function Reading({ text, isLive, onLink }: ReadingProps) {
  const [owner] = useState(() => ({}))
  const [times, setTimes] = useState(1)
  // The end of a text that was seen to grow does not go away when it is there.
  const wasLive = useRef(isLive)
  wasLive.current ||= isLive
  const isWhole = wasLive.current
  const { blocks, hiddenCharacters } = useMemo(() => portionOf(text, times, isWhole), [text, times, isWhole])
  // The blocks do not render again because a caller made a new function.
  const latest = useRef(onLink)
  latest.current = onLink
  const [open] = useState(() => (address: string) => latest.current(address))
  return (
    <LinkContext value={open}>
      <div className="reading">
        {blocks.map(({ block, source }, index) => {
          const isGrowing = isLive && index === blocks.length - 1
          return block.kind === 'code' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: text grows at its end; a block is known by its place.
            <CodeFence key={index} {...block} owner={owner} isGrowing={isGrowing} />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above.
            <MarkdownBlock key={index} source={source.trimEnd()} owner={owner} isGrowing={isGrowing} />
          )
        })}
        {hiddenCharacters === 0 ? null : (
          <button type="button" className="reading-more" onClick={() => setTimes(times + 1)}>
            {t('reading.more', { count: hiddenCharacters })}
          </button>
        )}
      </div>
    </LinkContext>
  )
}
