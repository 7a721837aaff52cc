// What a model's name says, word by word. Names are customs and not facts: what is read is a guess to start from.
import { TriangleAlert } from 'lucide-react'
import { useId, useState } from 'react'
import { decodeName } from '../../../shared/catalog/nameDecoder.ts'
import { Notice } from '../../ui/Notice.tsx'
import { t } from '../../words/words.ts'
import { meaningText } from './meaningText.ts'
import { PageTop } from './PageTop.tsx'

const example = 'llama2-zephyr-orca-ultra'

export function NamePage({ name }: { readonly name: string }) {
  const [text, setText] = useState(name)
  const id = useId()
  return (
    <div className="browse-page">
      <PageTop title={t('inspect.name.title')}>
        <p className="soft">{t('inspect.name.lead')}</p>
      </PageTop>
      <div className="name-form">
        <label className="field-label" htmlFor={id}>
          {t('inspect.name.label')}
        </label>
        <input
          id={id}
          className="text-field"
          placeholder={example}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <NameWords name={text.trim() === '' ? example : text} title={null} />
    </div>
  )
}

export interface NameWordsProps {
  readonly name: string
  /** A heading, where the page does not say it. */
  readonly title: string | null
}

export function NameWords({ name, title }: NameWordsProps) {
  const { words, cautions } = decodeName(name)
  if (words.length === 0) return null
  return (
    <section className="name-words" aria-label={t('inspect.name.says', { name })}>
      {title === null ? null : <h2 className="section-title">{title}</h2>}
      <dl>
        {words.map(({ text, category, meaning }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word can stand in a name twice
          <div key={index} className="name-word">
            <dt>
              <b>{text}</b> <span className="soft small">{t(`inspect.name.categories.${category}`)}</span>
            </dt>
            <dd>{meaningText(meaning)}</dd>
          </div>
        ))}
      </dl>
      <div role="status">
        {cautions.map(([one, other]) => (
          <Notice key={`${one} ${other}`} kind="info" icon={<TriangleAlert />} title={t('inspect.name.caution')}>
            <p>{t('inspect.name.shapes', { one, other })}</p>
          </Notice>
        ))}
      </div>
      <p className="soft small">{t('inspect.name.guess')}</p>
    </section>
  )
}
