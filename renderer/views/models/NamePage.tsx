// What a model's name says, word by word. Names are customs and not facts: what is read is a guess to start from.
import { TriangleAlert } from 'lucide-react'
import { useId, useState } from 'react'
import { decodeName } from '../../../shared/catalog/nameDecoder.ts'
import type { WordCategory } from '../../../shared/catalog/types.ts'
import { Notice } from '../../ui/Notice.tsx'
import { PageTop } from './PageTop.tsx'

const example = 'llama2-zephyr-orca-ultra'

const categoryWords: Readonly<Record<WordCategory, string>> = {
  family: 'family',
  model: 'model',
  maker: 'maker',
  person: 'person',
  variant: 'variant',
  method: 'method',
  data: 'data',
  merge: 'merge',
  form: 'form',
  quantization: 'precision',
  size: 'size',
  context: 'context',
  version: 'version',
  style: 'style',
  ambiguous: 'several meanings',
  unknown: 'not known',
}

export function NamePage({ name }: { readonly name: string }) {
  const [text, setText] = useState(name)
  const id = useId()
  return (
    <div className="browse-page">
      <PageTop title="What a name says">
        <p className="soft">Names of models are put together from words that have come to mean something.</p>
      </PageTop>
      <div className="name-form">
        <label className="field-label" htmlFor={id}>
          Name of a model
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
    <section className="name-words" aria-label={`What “${name}” says`}>
      {title === null ? null : <h2 className="section-title">{title}</h2>}
      <dl>
        {words.map(({ text, category, meaning }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a word can stand in a name twice
          <div key={index} className="name-word">
            <dt>
              <b>{text}</b> <span className="soft small">{categoryWords[category]}</span>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <div role="status">
        {cautions.map((caution) => (
          <Notice key={caution} kind="info" icon={<TriangleAlert />} title="That does not go together">
            <p>{caution}</p>
          </Notice>
        ))}
      </div>
      <p className="soft small">A guess from customs, to start from: the publisher’s page says what it is.</p>
    </section>
  )
}
