// What was predicted for a model beside what was measured when it ran here. The prediction of its speed knows the other models that ran, never itself.
import { useStore } from 'zustand'
import { memoryOfLoaded } from '../../../shared/fit/load.ts'
import { formatBytes, formatDuration, formatSpeed } from '../../../shared/units.ts'
import { machineNow } from '../../state/machine.ts'
import type { ModelOnDisk } from '../../state/records.ts'
import { speedForecast } from '../../state/switching.ts'
import { useApp, useValue } from '../app.ts'
import { forecastText } from '../forecastText.ts'
import { useManagement } from '../manage.ts'
import { differenceText } from './recordWords.ts'

export function Prediction({ item: { model, record } }: { readonly item: ModelOnDisk }) {
  const { models } = useApp()
  const management = useManagement()
  const hardware = useStore(management.hardware.store, ({ report }) => report)
  const settings = useStore(management.settings.store, ({ view }) => view)
  const records = useStore(management.records.store, (state) => state.records)
  const installed = useValue(models, (state) => state.installed)
  const others = records.filter(({ key }) => key !== model.key)
  const machine = machineNow({ hardware, settings, installed, records: others })
  const measured = record?.measurements.find(({ adapterName }) => adapterName === hardware?.probe?.adapter.name)
  if (machine === null) return null
  const contextTokens = measured?.contextTokens ?? model.manifest.contextTokens
  const memoryBytes = memoryOfLoaded(model.manifest, machine.target, contextTokens)
  const speed = speedForecast(model, machine)
  return (
    <table className="measured">
      <caption className="soft">
        {measured === undefined
          ? 'Predicted for this computer; measured when it runs.'
          : `Predicted for this computer, and measured when it ran; loading took ${formatDuration(measured.loadMs)}.`}
      </caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">What</span>
          </th>
          <th scope="col">Predicted</th>
          <th scope="col">Measured</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Memory</th>
          <td>{formatBytes(memoryBytes)}</td>
          <td>
            {measured === undefined
              ? 'not yet'
              : `${formatBytes(measured.memoryBytes)}, ${differenceText(measured.memoryBytes, memoryBytes)}`}
          </td>
        </tr>
        <tr>
          <th scope="row">Speed</th>
          <td>{speed === null ? 'after the adapter is measured' : forecastText(speed)}</td>
          <td>
            {measured?.decodeTokensPerSecond == null
              ? 'not yet'
              : `${formatSpeed(measured.decodeTokensPerSecond)}${speed === null || speed.isUpperBound ? '' : `, ${differenceText(measured.decodeTokensPerSecond, speed.tokensPerSecond)}`}`}
          </td>
        </tr>
      </tbody>
    </table>
  )
}
