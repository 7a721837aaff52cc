// Whether the models write at once or one after another, and why, where memory leaves no choice.
import { useId } from 'react'
import type { MemoryTogether } from '../../../inference/engine.ts'
import type { CompareWay } from '../../../state/compare.ts'
import { bytesText } from '../../../words/units.ts'
import { t } from '../../../words/words.ts'

export interface WayChoiceProps {
  readonly way: CompareWay
  readonly memory: Pick<MemoryTogether, 'needBytes' | 'haveBytes'>
  readonly isDisabled: boolean
  readonly onChoose: (way: CompareWay) => void
}

const ways: readonly CompareWay[] = ['atOnce', 'inTurn']

export function WayChoice({ way, memory: { needBytes, haveBytes }, isDisabled, onChoose }: WayChoiceProps) {
  const id = useId()
  const fits = needBytes <= haveBytes
  return (
    <fieldset className="panel-choices" aria-describedby={`${id}-reason`}>
      <legend className="field-label">{t('compare.way')}</legend>
      <div className="panel-line">
        {ways.map((one) => (
          <label key={one} className="check">
            <input
              type="radio"
              name={`${id}-way`}
              checked={way === one}
              disabled={isDisabled || (one === 'atOnce' && !fits)}
              onChange={() => onChoose(one)}
            />
            {t(`compare.ways.${one}`)}
          </label>
        ))}
      </div>
      <p id={`${id}-reason`} className="field-hint">
        {fits
          ? t(`compare.order.${way}`)
          : t('compare.tooLarge', { need: bytesText(needBytes), have: bytesText(haveBytes) })}
      </p>
    </fieldset>
  )
}
