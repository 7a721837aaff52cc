// What was pasted, dropped, chosen or searched for: the answer, or why there is none.
import { useStore } from 'zustand'
import type { FoundRepository } from '../../../shared/inspect/report.ts'
import { formatNumber } from '../../../shared/units.ts'
import { Button } from '../../ui/Button.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { useCatalogue } from './catalogueContext.ts'
import { GatedChip } from './chips.tsx'
import { Failure } from './Failure.tsx'
import { InspectPanel } from './InspectPanel.tsx'
import { NameWords } from './NamePage.tsx'
import { PageTop } from './PageTop.tsx'
import { ReportView } from './ReportView.tsx'

export function InspectionPage() {
  const { inspection } = useCatalogue()
  const state = useStore(inspection)
  return (
    <div className="browse-page">
      <PageTop
        title={
          state.kind === 'found'
            ? `Found for “${state.about}”`
            : state.kind === 'none'
              ? 'A model from elsewhere'
              : state.about
        }
      >
        {state.kind === 'report' && state.report.subject.kind === 'repository' ? (
          <p className="soft small">
            at commit <code>{state.report.subject.commit.slice(0, 12)}</code>
          </p>
        ) : null}
      </PageTop>
      {state.kind === 'asking' ? (
        <div role="status">
          <Progress label="Reading what is there …" fraction={null} />
        </div>
      ) : state.kind === 'failed' ? (
        <Failure error={state.error} again={state.again} />
      ) : state.kind === 'found' ? (
        <FoundList repositories={state.repositories} />
      ) : state.kind === 'report' ? (
        <>
          <ReportView report={state.report} />
          <NameWords name={state.about} title="What its name says" />
        </>
      ) : null}
      <InspectPanel />
    </div>
  )
}

function FoundList({ repositories }: { readonly repositories: readonly FoundRepository[] }) {
  const { inspectRepository } = useCatalogue()
  return (
    <section aria-label="Repositories that were found">
      <p className="soft" role="status">
        {repositories.length === 0
          ? 'The Hub found nothing. Try fewer or other words.'
          : `${repositories.length === 1 ? '1 repository' : `${repositories.length} repositories`}. Whether Hearth can compile one is known once it was looked at.`}
      </p>
      <ul className="rows">
        {repositories.map(({ repository, downloads, licence, isGated }) => (
          <li key={repository} className="row">
            <span className="row-name">{repository}</span>
            <span className="soft">
              {[licence, downloads === null ? null : `${formatNumber(downloads)} downloads`]
                .filter((part) => part !== null)
                .join(' · ')}
            </span>
            {isGated ? <GatedChip /> : null}
            <Button
              label="Look at it"
              spokenLabel={`Look at it: ${repository}`}
              onPress={() => void inspectRepository(repository)}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
