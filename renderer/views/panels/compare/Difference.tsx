// The words of two answers in one text: what only one of them has is marked, by a line under or through it and for screen readers as insertion or deletion.
import { type ReactNode, useId } from 'react'
import { cleanText } from '../../../reading/cleanText.ts'
import type { CompareColumn } from '../../../state/compareColumn.ts'
import { type DifferencePart, likeness } from '../../../state/compareDifference.ts'
import { t } from '../../../words/words.ts'

export interface DifferenceProps {
  readonly columns: readonly CompareColumn[]
  readonly pair: readonly [number, number]
  /** null: not there yet. */
  readonly difference: readonly DifferencePart[] | null
  readonly onPair: (pair: readonly [number, number]) => void
}

export function Difference({ columns, pair, difference, onPair }: DifferenceProps) {
  const id = useId()
  const [first, second] = pair
  return (
    <section className="panel-section" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`} className="panel-title">
        {t('compare.difference')}
      </h3>
      <div className="compare-pair">
        <Choice
          label={t('compare.between')}
          mark={<del className="compare-first">{t('compare.inFirst')}</del>}
          columns={columns}
          value={first}
          onChange={(index) => onPair([index, second])}
        />
        <Choice
          label={t('compare.and')}
          mark={<ins className="compare-second">{t('compare.inSecond')}</ins>}
          columns={columns}
          value={second}
          onChange={(index) => onPair([first, index])}
        />
      </div>
      <p className="field-hint" role="status">
        {difference === null ? t('compare.computing') : likenessText(difference)}
      </p>
      {difference === null ? null : (
        <p className="compare-words">
          {difference.map(({ kind, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text that is made anew as a whole
            <Part key={index} kind={kind} text={cleanText(text)} />
          ))}
        </p>
      )}
    </section>
  )
}

function Part({ kind, text }: DifferencePart) {
  switch (kind) {
    case 'both':
      return <span>{text}</span>
    case 'first':
      return <del className="compare-first">{text}</del>
    case 'second':
      return <ins className="compare-second">{text}</ins>
    default:
      return kind satisfies never
  }
}

function likenessText(difference: readonly DifferencePart[]): string {
  if (difference.length === 0) return t('compare.nothing')
  if (difference.every(({ kind }) => kind === 'both')) return t('compare.same')
  return t('compare.likeness', { percent: Math.round(likeness(difference) * 100) })
}

interface ChoiceProps extends Pick<DifferenceProps, 'columns'> {
  readonly label: string
  /** How words of this one alone are marked. */
  readonly mark: ReactNode
  readonly value: number
  readonly onChange: (index: number) => void
}

function Choice({ label, mark, columns, value, onChange }: ChoiceProps) {
  const id = useId()
  return (
    <div className="panel-field">
      <p className="panel-line">
        <label htmlFor={id}>{label}</label>
        {mark}
      </p>
      <select
        id={id}
        className="panel-input"
        value={value}
        onChange={(event) => onChange(Number(event.currentTarget.value))}
      >
        {columns.map(({ model }, index) => (
          <option key={model.key} value={index}>
            {model.manifest.title}
          </option>
        ))}
      </select>
    </div>
  )
}
