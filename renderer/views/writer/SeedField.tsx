// The seed: fixed by typing one, or drawn anew for each run. What is being typed stays as it is until the field is left.
import { useId, useState } from 'react'
import { parsedSeed } from '../../state/sampling.ts'
import { useApp, useValue } from '../app.ts'

export function SeedField() {
  const { sampling } = useApp()
  const { seed, seedKind } = useValue(sampling, (state) => state)
  const [typed, setTyped] = useState<string | null>(null)
  const id = useId()
  return (
    <div className="seed">
      <label className="field-label" htmlFor={id}>
        Seed
      </label>
      <input
        id={id}
        className="seed-number"
        inputMode="numeric"
        aria-describedby={`${id}-hint`}
        value={typed ?? seed}
        onChange={(event) => {
          const text = event.currentTarget.value
          setTyped(text)
          sampling.setState({ seed: parsedSeed(text, seed), seedKind: 'fixed' })
        }}
        onBlur={() => setTyped(null)}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={seedKind === 'random'}
          onChange={(event) => sampling.setState({ seedKind: event.currentTarget.checked ? 'random' : 'fixed' })}
        />
        New each time
      </label>
      <p id={`${id}-hint`} className="field-hint">
        {seedKind === 'random' ? 'Drawn anew for each run and shown here. ' : 'Kept for the next runs. '}
        Same seed and settings, same text.
      </p>
    </div>
  )
}
