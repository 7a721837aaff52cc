// The computer in four lines, for the first screen.
import { Cpu, Gpu } from 'lucide-react'
import { useStore } from 'zustand'
import { Button } from '../../ui/Button.tsx'
import { FactList } from '../../ui/FactList.tsx'
import { bytesText, speedText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { useManagement } from '../manage.ts'
import { budgetText, shortcomings } from './hardwareWords.ts'

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
          {isSoftware ? <Cpu aria-hidden="true" /> : <Gpu aria-hidden="true" />} {t('hardware.card.title')}
        </h2>
        <Button label={t('hardware.card.all')} onPress={() => app.navigation.showModels('hardware')} />
      </div>
      <FactList
        facts={[
          [t('hardware.facts.adapter'), probe?.adapter.name ?? adapter?.name ?? t('hardware.card.notAsked')],
          [
            t('hardware.card.half'),
            probe === null && adapter === null
              ? t('hardware.card.notKnown')
              : (probe?.adapter.hasHalfPrecision ?? adapter?.halfPrecision)
                ? t('hardware.yes')
                : t('hardware.no'),
          ],
          [
            t('hardware.facts.largestBuffer'),
            probe === null ? measuringWords(measuring.kind) : bytesText(probe.adapter.maximumBufferBytes),
          ],
          [t('hardware.card.forModels'), budgetText(budget)],
          [t('hardware.card.free'), bytesText(disk.freeBytes)],
          [t('hardware.card.writes'), speed === null ? t('hardware.card.writesLater') : speedText(speed)],
        ]}
      />
      {missing === undefined ? null : (
        <p>
          <b>{t('hardware.card.missing', { title: missing.title })}</b> {missing.advice}
        </p>
      )}
    </section>
  )
}

function measuringWords(kind: 'no' | 'running' | 'failed'): string {
  return t(kind === 'running' ? 'hardware.card.measuring' : 'hardware.card.notMeasured')
}
