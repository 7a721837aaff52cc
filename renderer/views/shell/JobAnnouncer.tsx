// Says aloud, to screen readers, that a job has come to its end. Its progress is there to be read, and is not spoken.
import { useStore } from 'zustand'
import type { Job } from '../../../shared/jobs.ts'
import { t } from '../../words/words.ts'
import { useManagement } from '../manage.ts'
import { problemText } from '../problems/problemText.ts'

export function JobAnnouncer() {
  const { jobs } = useManagement()
  const ended = useStore(jobs.store, (state) => state.ended)
  return (
    <p className="visually-hidden" aria-live="polite">
      {ended === null ? null : <span key={ended.number}>{endWords(ended.job)}</span>}
    </p>
  )
}

/** The one sentence about a job that ended. */
export function endWords({ kind, state, title, problem }: Job): string {
  if (state === 'done') return t(`shell.ended.${kind}`, { title })
  return problem === null
    ? t('shell.ended.stopped', { title })
    : t('shell.ended.stoppedWith', { title, problem: problemText(problem).title })
}
