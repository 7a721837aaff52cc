// One of a few, as radio buttons beside each other: the browser's own, so that arrow keys and screen readers know them.
import { useId } from 'react'

export interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly hint?: string
  readonly options: readonly Value[]
  readonly words: (option: Value) => string
  readonly value: Value
  readonly onChange: (value: Value) => void
}

export function Choice<Value extends string>({ label, hint, options, words, value, onChange }: ChoiceProps<Value>) {
  const id = useId()
  return (
    <fieldset className="choices setting" aria-describedby={hint === undefined ? undefined : id}>
      <legend className="field-label">{label}</legend>
      {hint === undefined ? null : (
        <p id={id} className="field-hint">
          {hint}
        </p>
      )}
      <div className="setting-row">
        {options.map((option) => (
          <label key={option} className="check">
            <input type="radio" name={`${id}-option`} checked={option === value} onChange={() => onChange(option)} />
            {words(option)}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
