// Temperature, top-p and length; and apart from them the three penalties, which most people never need.
import { useState } from 'react'
import type { ChatSampling } from '../../../../shared/chats/types.ts'
import type { ModelManifest } from '../../../../shared/model.ts'
import { lengthLimits, samplingLimits } from '../../../state/sampling.ts'
import { Slider } from '../../../ui/Slider.tsx'
import { decimalText } from '../../../words/units.ts'
import { t } from '../../../words/words.ts'

export interface ValuesProps {
  readonly sampling: ChatSampling
  readonly manifest: ModelManifest
  readonly onChange: (values: Partial<ChatSampling>) => void
}

export function Values({ sampling, manifest, onChange }: ValuesProps) {
  const { temperature, topP, maxTokens } = sampling
  const { defaults, contextTokens } = manifest
  const limits = lengthLimits(contextTokens)
  return (
    <section className="panel-section" aria-label={t('sampling.values')}>
      <Slider
        label={t('sampling.temperature')}
        hint={hinted(
          t(temperature === 0 ? 'sampling.temperatureZero' : 'sampling.temperatureHint'),
          temperature,
          defaults.temperature,
        )}
        value={temperature}
        text={decimalText(temperature, 2)}
        {...samplingLimits.temperature}
        onChange={(value) => onChange({ temperature: value })}
      />
      <Slider
        label={t('sampling.topP')}
        hint={hinted(t('sampling.topPHint'), topP, defaults.topP)}
        value={topP}
        text={decimalText(topP, 2)}
        {...samplingLimits.topP}
        onChange={(value) => onChange({ topP: value })}
      />
      <Slider
        label={t('sampling.maxTokens')}
        hint={t('sampling.maxTokensHint', { limit: contextTokens })}
        value={Math.min(maxTokens, limits.max)}
        text={t('sampling.tokens', { count: Math.min(maxTokens, limits.max) })}
        {...limits}
        onChange={(value) => onChange({ maxTokens: value })}
      />
    </section>
  )
}

/** With the model's own value, where another one is used. */
function hinted(hint: string, value: number, own: number): string {
  return value === own ? hint : `${hint} ${t('sampling.modelsOwn', { value: decimalText(own, 2) })}`
}

/** Within what the chat's values may be; beyond these the texts fall apart. */
const penaltyLimits = { min: -2, max: 2, step: 0.1 } as const
const repetitionLimits = { min: 0.8, max: 2, step: 0.01 } as const

export function Penalties({ sampling, onChange }: Omit<ValuesProps, 'manifest'>) {
  const { frequencyPenalty, presencePenalty, repetitionPenalty } = sampling
  const isUsed = frequencyPenalty !== 0 || presencePenalty !== 0 || repetitionPenalty !== 1
  // As it is found: it does not close under the hand that moves the last value back.
  const [isOpen] = useState(isUsed)
  return (
    <details className="panel-fold" open={isOpen}>
      <summary>{t(isUsed ? 'sampling.penaltiesUsed' : 'sampling.penalties')}</summary>
      <div className="panel-section">
        <Slider
          label={t('sampling.repetition')}
          hint={t('sampling.repetitionHint')}
          value={repetitionPenalty}
          text={decimalText(repetitionPenalty, 2)}
          {...repetitionLimits}
          onChange={(value) => onChange({ repetitionPenalty: value })}
        />
        <Slider
          label={t('sampling.frequency')}
          hint={t('sampling.frequencyHint')}
          value={frequencyPenalty}
          text={decimalText(frequencyPenalty, 1)}
          {...penaltyLimits}
          onChange={(value) => onChange({ frequencyPenalty: value })}
        />
        <Slider
          label={t('sampling.presence')}
          hint={t('sampling.presenceHint')}
          value={presencePenalty}
          text={decimalText(presencePenalty, 1)}
          {...penaltyLimits}
          onChange={(value) => onChange({ presencePenalty: value })}
        />
      </div>
    </details>
  )
}
