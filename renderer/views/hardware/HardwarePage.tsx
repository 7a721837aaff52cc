// What this computer is and can do for models, what is missing, and the measurement that predictions rest on.
import { Copy, Gauge, Info } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { formatSpeed } from '../../../shared/units.ts'
import { problemOf } from '../../inference/inferenceError.ts'
import { Button } from '../../ui/Button.tsx'
import { FactList } from '../../ui/FactList.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { useApp, useValue } from '../app.ts'
import { useManagement } from '../manage.ts'
import { PageTitle } from '../PageTitle.tsx'
import { problemText } from '../problemText.ts'
import { RequestProblem } from '../RequestProblem.tsx'
import { adapterFacts, graphicsFacts, reportText, shortcomings, speedFacts, systemFacts } from './hardwareWords.ts'

export function HardwarePage() {
  const { hardware } = useManagement()
  const { report, failure } = useStore(hardware.store)
  useEffect(() => void hardware.refresh(), [hardware])
  return (
    <div className="browse-page">
      <header className="page-head">
        <PageTitle>Hardware</PageTitle>
        <p className="soft">What models can count on here. Nothing of it leaves this computer.</p>
        {report === null ? null : <CopyReport />}
      </header>
      {failure === null ? null : <RequestProblem error={failure} again={() => void hardware.refresh()} />}
      {report === null ? (
        failure === null ? (
          <p className="soft">Looking …</p>
        ) : null
      ) : (
        <>
          {shortcomings(report).map(({ title, advice }) => (
            <Notice key={title} kind="info" icon={<Info />} title={title}>
              <p>{advice}</p>
            </Notice>
          ))}
          <Section title="Computer">
            <FactList facts={[...systemFacts(report), ...graphicsFacts(report)]} />
          </Section>
          <Section title="WebGPU adapter">
            {report.probe === null ? (
              <p className="soft">It is measured once nothing writes or loads.</p>
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
      : [[model.manifest.title, formatSpeed(newest.decodeTokensPerSecond)] as const]
  })
  const isRunning = measuring.kind === 'running'
  const problem = measuring.kind === 'failed' ? problemText(problemOf(measuring.error, 'load-failed')) : null
  return (
    <Section title="Measured">
      {probe === null ? null : <FactList facts={[...speedFacts(probe), ...speeds]} />}
      <div className="page-tools">
        <Button
          label={probe === null ? 'Measure' : 'Measure again'}
          icon={<Gauge aria-hidden="true" />}
          disabled={isRunning}
          onPress={() => void hardware.measureAgain()}
        />
        <span className="soft" aria-live="polite">
          {isRunning ? 'Measuring, a few seconds …' : 'A model that writes meanwhile makes the numbers smaller.'}
        </span>
      </div>
      {problem === null ? null : (
        <Notice kind="problem" icon={<Info />} title="The adapter could not be measured">
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
  const [outcome, setOutcome] = useState<'' | 'Copied.' | 'The clipboard refused it.'>('')
  if (report === null) return null
  return (
    <p className="page-tools">
      <Button
        label="Copy as report"
        icon={<Copy aria-hidden="true" />}
        onPress={() =>
          void copyText(reportText(report, version)).then(
            () => setOutcome('Copied.'),
            () => setOutcome('The clipboard refused it.'),
          )
        }
      />
      <span className="soft" aria-live="polite">
        {outcome}
      </span>
    </p>
  )
}
