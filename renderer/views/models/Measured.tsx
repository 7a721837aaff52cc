// What was measured when the model ran here, beside what had been predicted for the same context.

import { type ModelNeeds, memoryAt } from '../../../shared/fit/needs.ts'
import type { Machine } from '../../../shared/fit/verdict.ts'
import type { ModelMeasurement } from '../../../shared/hardware.ts'
import { bytesText, numberText, speedText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { differenceText } from '../installed/recordWords.ts'
import { predictedSpeedWords } from './fitWords.ts'

export interface MeasuredProps {
  readonly measurements: readonly ModelMeasurement[]
  readonly needs: ModelNeeds
  readonly machine: Machine | null
}

export function Measured({ measurements, needs, machine }: MeasuredProps) {
  const last = measurements.toSorted((one, other) => other.measuredAtMs - one.measuredAtMs)[0]
  if (last === undefined) return <p className="soft">{t('family.measured.notYet')}</p>
  const predicted = memoryAt(needs, last.contextTokens)
  return (
    <table className="measured">
      <caption className="field-label">
        {t('family.measured.caption', { tokens: numberText(last.contextTokens), adapter: last.adapterName })}
      </caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{t('family.measured.predicted')}</th>
          <th scope="col">{t('family.measured.measured')}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{t('family.measured.memory')}</th>
          <td>{bytesText(predicted.totalBytes)}</td>
          <td>
            {t('family.measured.value', {
              value: bytesText(last.memoryBytes),
              difference: differenceText(last.memoryBytes, predicted.totalBytes),
            })}
          </td>
        </tr>
        <tr>
          <th scope="row">{t('family.measured.speed')}</th>
          <td>{predictedSpeedWords(needs, machine, 0)}</td>
          <td>
            {last.decodeTokensPerSecond === null ? t('family.measured.nothing') : speedText(last.decodeTokensPerSecond)}
          </td>
        </tr>
      </tbody>
    </table>
  )
}
