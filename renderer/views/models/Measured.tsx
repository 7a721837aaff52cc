// What was measured when the model ran here, beside what had been predicted for the same context.

import { type ModelNeeds, memoryAt } from '../../../shared/fit/needs.ts'
import type { Machine } from '../../../shared/fit/verdict.ts'
import type { ModelMeasurement } from '../../../shared/hardware.ts'
import { formatBytes, formatNumber, formatSpeed } from '../../../shared/units.ts'
import { predictedSpeedWords } from './fitWords.ts'

export interface MeasuredProps {
  readonly measurements: readonly ModelMeasurement[]
  readonly needs: ModelNeeds
  readonly machine: Machine | null
}

export function Measured({ measurements, needs, machine }: MeasuredProps) {
  const last = measurements.toSorted((one, other) => other.measuredAtMs - one.measuredAtMs)[0]
  if (last === undefined) return <p className="soft">It has not run here yet: then what was measured stands here.</p>
  const predicted = memoryAt(needs, last.contextTokens)
  return (
    <table className="measured">
      <caption className="field-label">
        Predicted and measured, with {formatNumber(last.contextTokens)} tokens of context on {last.adapterName}
      </caption>
      <thead>
        <tr>
          <td />
          <th scope="col">predicted</th>
          <th scope="col">measured</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Memory</th>
          <td>{formatBytes(predicted.totalBytes)}</td>
          <td>
            {formatBytes(last.memoryBytes)} ({difference(last.memoryBytes, predicted.totalBytes)})
          </td>
        </tr>
        <tr>
          <th scope="row">Speed</th>
          <td>{predictedSpeedWords(needs, machine, 0)}</td>
          <td>
            {last.decodeTokensPerSecond === null ? 'nothing written yet' : formatSpeed(last.decodeTokensPerSecond)}
          </td>
        </tr>
      </tbody>
    </table>
  )
}

/** 1.04, 1 -> `4 % more`. */
function difference(measured: number, predicted: number): string {
  const percent = Math.round((100 * (measured - predicted)) / predicted)
  return percent === 0 ? 'as predicted' : `${Math.abs(percent)} % ${percent > 0 ? 'more' : 'less'}`
}
