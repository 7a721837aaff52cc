// Says aloud, to screen readers, that a job has come to its end. Its progress is there to be read, and is not spoken.
import { useStore } from 'zustand'
import type { Job } from '../../../shared/jobs.ts'
import { useManagement } from '../manage.ts'
import { serviceProblemText } from '../serviceProblemText.ts'

export function JobAnnouncer() {
  const { jobs } = useManagement()
  const ended = useStore(jobs.store, (state) => state.ended)
  return (
    <p className="visually-hidden" aria-live="polite">
      {ended === null ? null : <span key={ended.number}>{endWords(ended.job)}</span>}
    </p>
  )
}

const doneWords = {
  install: 'is installed',
  verify: 'has been checked',
  repair: 'is repaired',
  move: 'has been moved',
} as const satisfies Record<Job['kind'], string>

/** The one sentence about a job that ended. */
export function endWords({ kind, state, title, problem }: Job): string {
  if (state === 'done') return `${title} ${doneWords[kind]}.`
  return problem === null ? `${title} has stopped.` : `${title} has stopped: ${serviceProblemText(problem).title}.`
}
