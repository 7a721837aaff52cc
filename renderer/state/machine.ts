// This machine as the arithmetic of fit sees it: the report of main, what was measured on the adapter, how near models came to its bandwidth here, and
// the memory that the person allows.
import { sampleOf } from '../../shared/fit/load.ts'
import { machineOf } from '../../shared/fit/machine.ts'
import type { SpeedSample } from '../../shared/fit/speed.ts'
import type { Machine } from '../../shared/fit/verdict.ts'
import type { HardwareReport } from '../../shared/hardware.ts'
import type { InstalledModel } from '../../shared/model.ts'
import type { ModelRecord } from '../../shared/modelRecord.ts'
import type { SettingsView } from '../../shared/settings.ts'

export interface KnownMachine {
  readonly hardware: HardwareReport | null
  readonly installed: readonly InstalledModel[]
  readonly records: readonly ModelRecord[]
  readonly settings: SettingsView | null
}

export function machineNow({ hardware, installed, records, settings }: KnownMachine): Machine | null {
  if (hardware === null) return null
  const allowedBytes = settings?.memoryBudgetBytes ?? null
  const plain = machineOf(hardware, hardware.probe, [], allowedBytes)
  const bandwidth = plain.bandwidthBytesPerSecond
  if (bandwidth === null) return plain
  const samples = records.flatMap(({ key, measurements }): readonly SpeedSample[] => {
    const manifest = installed.find((model) => model.key === key)?.manifest
    const speed = measurements.find(({ adapterName }) => adapterName === hardware.probe?.adapter.name)
    if (manifest === undefined || speed?.decodeTokensPerSecond == null) return []
    return [sampleOf(manifest, plain.target, bandwidth, speed.decodeTokensPerSecond)]
  })
  return machineOf(hardware, hardware.probe, samples, allowedBytes)
}
