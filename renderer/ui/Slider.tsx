import { useId } from 'react'

export interface SliderProps {
  readonly label: string
  readonly hint: string
  readonly value: number
  /** The value in words, for the eye and for screen readers. */
  readonly text: string
  readonly min: number
  readonly max: number
  readonly step: number
  readonly onChange: (value: number) => void
}

/** A labelled range input; the browser's own, so that every key and screen reader knows it. */
export function Slider({ label, hint, value, text, min, max, step, onChange }: SliderProps) {
  const id = useId()
  return (
    <div className="slider">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <span className="field-value" aria-hidden="true">
        {text}
      </span>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={text}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
      <p id={`${id}-hint`} className="field-hint">
        {hint}
      </p>
    </div>
  )
}
