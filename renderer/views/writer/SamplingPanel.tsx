// How the next word is drawn.
import { formatCount } from '../../../shared/units.ts'
import { lengthLimits, samplingLimits } from '../../state/sampling.ts'
import { Slider } from '../../ui/Slider.tsx'
import { useApp, useValue } from '../app.ts'
import { SeedField } from './SeedField.tsx'

export function SamplingPanel() {
  const app = useApp()
  const { sampling } = app
  const state = useValue(sampling, (all) => all)
  const context = useValue(app.models, ({ selected }) => selected?.manifest.contextTokens ?? 256)
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
      <SeedField />
    </section>
  )
}
