// Code with the name of its language, a button that copies it, and, when it is long, one that unfolds it.
import { Check, Copy } from 'lucide-react'
import { type ReactNode, use, useState } from 'react'
import { limits } from '../../reading/limits.ts'
import { t } from '../../words/words.ts'
import { ReadingContext } from './readingContext.ts'

interface CodeBlockProps {
  readonly code: string
  /** Empty: none is named. */
  readonly language: string
  /** It is being written: nothing is folded away. */
  readonly isUnfinished: boolean
  readonly children: ReactNode
}

type Copying = 'no' | 'done' | 'failed'

export function CodeBlock({ code, language, isUnfinished, children }: CodeBlockProps) {
  const { copyText } = use(ReadingContext)
  const [copying, setCopying] = useState<Copying>('no')
  const [isUnfolded, setUnfolded] = useState(false)
  const lines = code.split('\n').length
  const isLong = lines > limits.codeLines && !isUnfinished
  const name = language === '' ? t('reading.code') : t('reading.codeIn', { language })
  const copy = () =>
    void copyText(code).then(
      () => setCopying('done'),
      () => setCopying('failed'),
    )
  return (
    <figure className="code">
      <figcaption className="code-head">
        <span className="code-language">{language === '' ? t('reading.code') : language}</span>
        <button type="button" className="code-button" onClick={copy} onBlur={() => setCopying('no')}>
          {copying === 'done' ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
          {t('reading.copy')}
        </button>
        <span className="code-copied" aria-live="polite">
          {copying === 'done' ? t('reading.copied') : copying === 'failed' ? t('reading.notCopied') : ''}
        </span>
      </figcaption>
      {/* biome-ignore lint/a11y/useSemanticElements: a group of form fields it is not. */}
      <pre
        className="code-text"
        dir="ltr"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard.
        tabIndex={0}
        role="group"
        aria-label={name}
        data-folded={isLong && !isUnfolded}
      >
        <code>{children}</code>
      </pre>
      {isLong ? (
        <button type="button" className="code-fold" aria-expanded={isUnfolded} onClick={() => setUnfolded(!isUnfolded)}>
          {isUnfolded ? t('reading.fold') : t('reading.unfold', { count: lines })}
        </button>
      ) : null}
    </figure>
  )
}
