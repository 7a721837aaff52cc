// What was predicted for a model beside what was measured when it ran here. The prediction of its speed knows the other models that ran, never itself.
import { useStore } from 'zustand'
import { memoryOfLoaded } from '../../../shared/fit/load.ts'
import { machineNow } from '../../state/machine.ts'
import type { ModelOnDisk } from '../../state/records.ts'
import { speedForecast } from '../../state/switching.ts'
import { bytesText, durationText, speedText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
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
          ? t('installed.predictedOnly')
          : t('installed.predictedAndMeasured', { time: durationText(measured.loadMs) })}
      </caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">{t('installed.what')}</span>
          </th>
          <th scope="col">{t('installed.predicted')}</th>
          <th scope="col">{t('installed.measured')}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{t('installed.memory')}</th>
          <td>{bytesText(memoryBytes)}</td>
          <td>
            {measured === undefined
              ? t('installed.notYet')
              : `${bytesText(measured.memoryBytes)}, ${differenceText(measured.memoryBytes, memoryBytes)}`}
          </td>
        </tr>
        <tr>
          <th scope="row">{t('installed.speed')}</th>
          <td>{speed === null ? t('installed.afterAdapter') : forecastText(speed)}</td>
          <td>
            {measured?.decodeTokensPerSecond == null
              ? t('installed.notYet')
              : `${speedText(measured.decodeTokensPerSecond)}${speed === null || speed.isUpperBound ? '' : `, ${differenceText(measured.decodeTokensPerSecond, speed.tokensPerSecond)}`}`}
          </td>
        </tr>
      </tbody>
    </table>
  )
}
