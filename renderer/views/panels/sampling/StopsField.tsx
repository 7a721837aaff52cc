// Texts that end the answer. What is being typed stays as it is until the field is left.
import { useId, useState } from 'react'
import { t } from '../../../words/words.ts'
import { longestStop, mostStops, parsedStops, stopsText } from './stops.ts'

export interface StopsFieldProps {
  readonly stops: readonly string[]
  readonly onChange: (stops: string[]) => void
}

export function StopsField({ stops, onChange }: StopsFieldProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const id = useId()
  const lines = (typed ?? '').split('\n').filter((line) => line !== '')
  return (
    <div className="panel-field">
      <label className="field-label" htmlFor={id}>
        {t('sampling.stops')}
      </label>
      <textarea
        id={id}
        className="panel-text panel-code"
        rows={2}
        spellCheck={false}
        aria-describedby={`${id}-hint`}
        value={typed ?? stopsText(stops)}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          onChange([...parsedStops(event.currentTarget.value)])
        }}
        onBlur={() => setTyped(null)}
      />
      <p id={`${id}-hint`} className="field-hint">
        {t('sampling.stopsHint')}
        {lines.length > mostStops ? ` ${t('sampling.stopsTooMany')}` : ''}
        {lines.some((line) => line.length > longestStop) ? ` ${t('sampling.stopsTooLong')}` : ''}
      </p>
    </div>
  )
}
