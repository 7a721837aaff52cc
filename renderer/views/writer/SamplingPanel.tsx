// How the next word is drawn.
import { useId } from 'react'
import { formatCount } from '../../../shared/units.ts'
import { lengthLimits, parsedSeed, samplingLimits } from '../../state/sampling.ts'
import { Slider } from '../../ui/Slider.tsx'
import { useApp, useValue } from '../app.ts'

export function SamplingPanel() {
  const app = useApp()
  const { sampling } = app
  const state = useValue(sampling, (all) => all)
  const context = useValue(app.models, ({ selected }) => selected?.manifest.contextTokens ?? 256)
  const id = useId()
  return (
    <section className="panel" aria-label="How it writes">
      <h2 className="panel-title">How it writes</h2>
      <Slider
        label="Temperature"
        hint={
          state.temperature === 0
            ? 'Always the likeliest word.'
            : 'Higher is bolder, 0 always takes the likeliest word.'
        }
        value={state.temperature}
        text={state.temperature.toFixed(2)}
        {...samplingLimits.temperature}
        onChange={(temperature) => sampling.setState({ temperature, touched: true })}
      />
      <Slider
        label="Top-p"
        hint="Draws from the likeliest words that make up this share."
        value={state.topP}
        text={state.topP.toFixed(2)}
        {...samplingLimits.topP}
        onChange={(topP) => sampling.setState({ topP, touched: true })}
      />
      <Slider
        label="Length"
        hint={`At most. The model holds ${context} tokens, your text included.`}
        value={state.maxTokens}
        text={formatCount(state.maxTokens, 'token')}
        {...lengthLimits(context)}
        onChange={(maxTokens) => sampling.setState({ maxTokens })}
      />
      <div className="seed">
        <label className="field-label" htmlFor={id}>
          Seed
        </label>
        <input
          id={id}
          className="seed-number"
          inputMode="numeric"
          aria-describedby={`${id}-hint`}
          value={state.seed}
          onChange={(event) => {
            const seed = parsedSeed(event.currentTarget.value, state.seed)
            sampling.setState({ seed, seedKind: 'fixed' })
          }}
        />
        <label className="check">
          <input
            type="checkbox"
            checked={state.seedKind === 'random'}
            onChange={(event) => sampling.setState({ seedKind: event.currentTarget.checked ? 'random' : 'fixed' })}
          />
          New each time
        </label>
        <p id={`${id}-hint`} className="field-hint">
          {state.seedKind === 'random' ? 'Drawn anew for each run and shown here. ' : 'Kept for the next runs. '}
          Same seed and settings, same text.
        </p>
      </div>
    </section>
  )
}
