// The computer in four lines, for the first screen.
import { Cpu, Gpu } from 'lucide-react'
import { useStore } from 'zustand'
import { formatBytes, formatSpeed } from '../../../shared/units.ts'
import { Button } from '../../ui/Button.tsx'
import { FactList } from '../../ui/FactList.tsx'
import { useApp, useValue } from '../app.ts'
import { useManagement } from '../manage.ts'
import { shortcomings } from './hardwareWords.ts'

export function HardwareCard() {
  const app = useApp()
  const { hardware } = useManagement()
  const { report, measuring } = useStore(hardware.store)
  const adapter = useValue(app.models, (state) => state.adapter)
  const last = useValue(app.conversation.store, ({ path }) => path.findLast(({ figures }) => figures !== null)?.figures)
  if (report === null) return null
  const { probe, budget, disk } = report
  const isSoftware = probe?.adapter.isSoftware ?? adapter?.software ?? false
  const missing = shortcomings(report)[0]
  const speed = last != null && last.decodeTokensPerSecond > 0 ? last.decodeTokensPerSecond : null
  return (
    <section className="card hardware-card" aria-labelledby="hardware-card-title">
      <div className="card-head">
        <h2 id="hardware-card-title" className="section-title with-icon">
          {isSoftware ? <Cpu aria-hidden="true" /> : <Gpu aria-hidden="true" />} This computer
        </h2>
        <Button label="All about the hardware" onPress={() => app.navigation.showModels('hardware')} />
      </div>
      <FactList
        facts={[
          ['Adapter', probe?.adapter.name ?? adapter?.name ?? 'not asked yet'],
          [
            'Half precision',
            probe === null && adapter === null
              ? 'not known yet'
              : (probe?.adapter.hasHalfPrecision ?? adapter?.halfPrecision)
                ? 'yes'
                : 'no',
          ],
          [
            'Largest buffer',
            probe === null ? measuringWords(measuring.kind) : formatBytes(probe.adapter.maximumBufferBytes),
          ],
          ['Memory for models', `${formatBytes(budget.memoryBytes)}: ${budget.reason}`],
          ['Free on the disk', formatBytes(disk.freeBytes)],
          ['This model writes', speed === null ? 'measured when it writes' : formatSpeed(speed)],
        ]}
      />
      {missing === undefined ? null : (
        <p>
          <b>{missing.title}.</b> {missing.advice}
        </p>
      )}
    </section>
  )
}

function measuringWords(kind: 'no' | 'running' | 'failed'): string {
  return kind === 'running' ? 'being measured …' : 'not measured yet'
}
