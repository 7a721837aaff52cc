// What this computer is and can do for models, what is missing, and the measurement that predictions rest on.
import { Copy, Gauge, Info } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { problemOf } from '../../inference/inferenceError.ts'
import { Button } from '../../ui/Button.tsx'
import { FactList } from '../../ui/FactList.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { speedText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useApp, useValue } from '../app.ts'
import { useManagement } from '../manage.ts'
import { PageTitle } from '../PageTitle.tsx'
import { problemText } from '../problems/problemText.ts'
import { RequestProblem } from '../RequestProblem.tsx'
import { adapterFacts, graphicsFacts, reportText, shortcomings, speedFacts, systemFacts } from './hardwareWords.ts'

export function HardwarePage() {
  const { hardware } = useManagement()
  const { report, failure } = useStore(hardware.store)
  useEffect(() => void hardware.refresh(), [hardware])
  return (
    <div className="browse-page">
      <header className="page-head">
        <PageTitle>{t('hardware.title')}</PageTitle>
        <p className="soft">{t('hardware.lead')}</p>
        {report === null ? null : <CopyReport />}
      </header>
      {failure === null ? null : <RequestProblem error={failure} again={() => void hardware.refresh()} />}
      {report === null ? (
        failure === null ? (
          <p className="soft">{t('hardware.looking')}</p>
        ) : null
      ) : (
        <>
          {shortcomings(report).map(({ title, advice }) => (
            <Notice key={title} kind="info" icon={<Info />} title={title}>
              <p>{advice}</p>
            </Notice>
          ))}
          <Section title={t('hardware.computer')}>
            <FactList facts={[...systemFacts(report), ...graphicsFacts(report)]} />
          </Section>
          <Section title={t('hardware.webgpu')}>
            {report.probe === null ? (
              <p className="soft">{t('hardware.measuredLater')}</p>
            ) : (
              <FactList facts={adapterFacts(report.probe)} />
            )}
          </Section>
          <Measurement />
        </>
      )}
    </div>
  )
}

function Section({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section className="facts" aria-label={title}>
      <h2 className="section-title">{title}</h2>
      {children}
    </section>
  )
}

function Measurement() {
  const { models } = useApp()
  const { hardware, records } = useManagement()
  const { report, measuring } = useStore(hardware.store)
  const installed = useValue(models, (state) => state.installed)
  const known = useStore(records.store, (state) => state.records)
  const probe = report?.probe ?? null
  const speeds = known.flatMap(({ key, measurements }) => {
    const model = installed.find((one) => one.key === key)
    const newest = measurements.find(({ adapterName }) => adapterName === probe?.adapter.name)
    return model === undefined || newest?.decodeTokensPerSecond == null
      ? []
      : [[model.manifest.title, speedText(newest.decodeTokensPerSecond)] as const]
  })
  const isRunning = measuring.kind === 'running'
  const problem = measuring.kind === 'failed' ? problemText(problemOf(measuring.error, 'load-failed')) : null
  return (
    <Section title={t('hardware.measuredTitle')}>
      {probe === null ? null : <FactList facts={[...speedFacts(probe), ...speeds]} />}
      <div className="page-tools">
        <Button
          label={t(probe === null ? 'hardware.measure' : 'hardware.measureAgain')}
          icon={<Gauge aria-hidden="true" />}
          disabled={isRunning}
          onPress={() => void hardware.measureAgain()}
        />
        <span className="soft" aria-live="polite">
          {t(isRunning ? 'hardware.measuring' : 'hardware.measureHint')}
        </span>
      </div>
      {problem === null ? null : (
        <Notice kind="problem" icon={<Info />} title={t('hardware.notMeasured')}>
          <p>{problem.advice}</p>
          <p className="notice-detail">{problem.detail}</p>
        </Notice>
      )}
    </Section>
  )
}

function CopyReport() {
  const { hardware, copyText, version } = useManagement()
  const report = useStore(hardware.store, (state) => state.report)
  const [outcome, setOutcome] = useState('')
  if (report === null) return null
  return (
    <p className="page-tools">
      <Button
        label={t('hardware.copy')}
        icon={<Copy aria-hidden="true" />}
        onPress={() =>
          void copyText(reportText(report, version)).then(
            () => setOutcome(t('hardware.copied')),
            () => setOutcome(t('hardware.notCopied')),
          )
        }
      />
      <span className="soft" aria-live="polite">
        {outcome}
      </span>
    </p>
  )
}
