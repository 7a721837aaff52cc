// What was pasted, dropped, chosen or searched for: the answer, or why there is none.
import { useStore } from 'zustand'
import type { FoundRepository } from '../../../shared/inspect/report.ts'
import { Button } from '../../ui/Button.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { numberText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
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
            ? t('inspect.found', { about: state.about })
            : state.kind === 'none'
              ? t('inspect.title')
              : state.about
        }
      >
        {state.kind === 'report' && state.report.subject.kind === 'repository' ? (
          <p className="soft small">
            {t('inspect.commit')} <code>{state.report.subject.commit.slice(0, 12)}</code>
          </p>
        ) : null}
      </PageTop>
      {state.kind === 'asking' ? (
        <div role="status">
          <Progress label={t('inspect.reading')} fraction={null} />
        </div>
      ) : state.kind === 'failed' ? (
        <Failure error={state.error} again={state.again} />
      ) : state.kind === 'found' ? (
        <FoundList repositories={state.repositories} />
      ) : state.kind === 'report' ? (
        <>
          <ReportView report={state.report} />
          <NameWords name={state.about} title={t('inspect.nameTitle')} />
        </>
      ) : null}
      <InspectPanel />
    </div>
  )
}

function FoundList({ repositories }: { readonly repositories: readonly FoundRepository[] }) {
  const { inspectRepository } = useCatalogue()
  return (
    <section aria-label={t('inspect.foundLabel')}>
      <p className="soft" role="status">
        {repositories.length === 0 ? t('inspect.nothing') : t('inspect.repositories', { count: repositories.length })}
      </p>
      <ul className="rows">
        {repositories.map(({ repository, downloads, licence, isGated }) => (
          <li key={repository} className="row">
            <span className="row-name">{repository}</span>
            <span className="soft">
              {[licence, downloads === null ? null : t('inspect.downloads', { number: numberText(downloads) })]
                .filter((part) => part !== null)
                .join(' · ')}
            </span>
            {isGated ? <GatedChip /> : null}
            <Button
              label={t('models.lookAt')}
              spokenLabel={t('models.lookAtSpoken', { name: repository })}
              onPress={() => void inspectRepository(repository)}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
