// Text as it was written, line by line: what a person wrote. Each line has its own direction.
import { useMemo, useState } from 'react'
import { cleanText } from '../../reading/cleanText.ts'
import { limits } from '../../reading/limits.ts'
import { t } from '../../words/words.ts'

export function PlainText({ text }: { readonly text: string }) {
  const [times, setTimes] = useState(1)
  const clean = useMemo(() => cleanText(text), [text])
  const hiddenCharacters = Math.max(0, clean.length - limits.shownCharacters * times)
  return (
    <div className="reading">
      <p className="reading-plain">{clean.slice(0, limits.shownCharacters * times)}</p>
      {hiddenCharacters === 0 ? null : (
        <button type="button" className="reading-more" onClick={() => setTimes(times + 1)}>
          {t('reading.more', { count: hiddenCharacters })}
        </button>
      )}
    </div>
  )
}
