// The queue: what is on its way in the order in which it comes, and below what is done.
import { Download, ListX } from 'lucide-react'
import { type RefObject, useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import type { Job } from '../../../shared/jobs.ts'
import { jobCommands, type QueuedJob } from '../../commands/jobCommands.ts'
import { Button } from '../../ui/Button.tsx'
import { t } from '../../words/words.ts'
import { useApp } from '../app.ts'
import { useManagement } from '../manage.ts'
import { PageTitle } from '../PageTitle.tsx'
import { RequestProblem } from '../RequestProblem.tsx'
import { JobCard } from './JobCard.tsx'

export function Downloads() {
  const { navigation } = useApp()
  const { jobs } = useManagement()
  const { jobs: all, list } = useStore(jobs.store)
  const open = all.filter(({ state }) => state !== 'done')
  const done = all.filter(({ state }) => state === 'done')
  return (
    <div className="browse-page">
      <header className="page-head">
        <PageTitle>{t('downloads.title')}</PageTitle>
        <p className="soft">{t('downloads.lead')}</p>
      </header>
      {list.kind === 'failed' ? <RequestProblem error={list.error} again={() => void jobs.ask()} /> : null}
      {list.kind === 'asking' ? <p className="soft">{t('shell.asking')}</p> : null}
      {list.kind === 'known' && all.length === 0 ? (
        <div className="empty-state">
          <p>{t('downloads.empty')}</p>
          <Button
            label={t('downloads.browse')}
            icon={<Download aria-hidden="true" />}
            onPress={() => navigation.showModels('browse')}
          />
        </div>
      ) : null}
      {open.length > 0 ? (
        <section className="job-section" aria-labelledby="queue-title">
          <h2 id="queue-title" className="section-title">
            {t('downloads.queue')}
          </h2>
          <JobList label={t('downloads.queue')} items={placed(open)} />
        </section>
      ) : null}
      {done.length > 0 ? (
        <section className="job-section" aria-labelledby="done-title">
          <div className="section-head">
            <h2 id="done-title" className="section-title">
              {t('downloads.done')}
            </h2>
            <Button
              label={t('downloads.clearList')}
              icon={<ListX aria-hidden="true" />}
              onPress={() => void jobs.clearDone()}
            />
          </div>
          <JobList label={t('downloads.done')} items={placed(done.toReversed())} />
        </section>
      ) : null}
    </div>
  )
}

function placed(jobs: readonly Job[]): readonly QueuedJob[] {
  return jobs.map((job, index) => ({ job, isFirst: index === 0, isLast: index === jobs.length - 1 }))
}

function JobList({ label, items }: { readonly label: string; readonly items: readonly QueuedJob[] }) {
  const list = useRef<HTMLOListElement>(null)
  useFocusThroughMoves(list, items.map(({ job }) => job.id).join(' '))
  return (
    <ol ref={list} className="job-list" aria-label={label}>
      {items.map((item) => (
        <JobCard key={item.job.id} item={item} commands={itemCommands} />
      ))}
    </ol>
  )
}

const itemCommands = Object.values(jobCommands)

/** A moved element loses the focus on its way: it gets it back. */
function useFocusThroughMoves(list: RefObject<HTMLElement | null>, order: string): void {
  const last = useRef<HTMLElement | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the order has changed
  useEffect(() => {
    if (document.activeElement === document.body && last.current?.isConnected === true) last.current.focus()
  }, [order])
  useEffect(() => {
    const stop = new AbortController()
    const note = ({ target }: FocusEvent) => {
      last.current = target instanceof HTMLElement && list.current?.contains(target) === true ? target : null
    }
    document.addEventListener('focusin', note, { signal: stop.signal })
    return () => stop.abort()
  }, [list])
}
