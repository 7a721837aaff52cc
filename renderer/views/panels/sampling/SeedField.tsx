// The seed: fixed by typing one, or drawn anew for each answer. What is being typed stays as it is until the field is left.
import { useId, useState } from 'react'
import { parsedSeed } from '../../../state/sampling.ts'
import { t } from '../../../words/words.ts'

export interface SeedFieldProps {
  /** null: drawn anew. */
  readonly seed: number | null
  readonly onChange: (seed: number | null) => void
}

export function SeedField({ seed, onChange }: SeedFieldProps) {
  const [typed, setTyped] = useState<string | null>(null)
  /** What was fixed last, to come back to. */
  const [kept, setKept] = useState(seed ?? 1)
  const id = useId()
  const fix = (value: number) => {
    setKept(value)
    onChange(value)
  }
  return (
    <div className="seed">
      <label className="field-label" htmlFor={id}>
        {t('sampling.seed')}
      </label>
      <input
        id={id}
        className="seed-number"
        inputMode="numeric"
        aria-describedby={`${id}-hint`}
        value={typed ?? seed ?? ''}
        placeholder={seed === null ? '–' : undefined}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          fix(parsedSeed(event.currentTarget.value, seed ?? kept))
        }}
        onBlur={() => setTyped(null)}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={seed === null}
          onChange={(event) => (event.currentTarget.checked ? onChange(null) : fix(kept))}
        />
        {t('sampling.seedRandom')}
      </label>
      <p id={`${id}-hint`} className="field-hint">
        {t(seed === null ? 'sampling.seedRandomHint' : 'sampling.seedFixedHint')}
      </p>
    </div>
  )
}
