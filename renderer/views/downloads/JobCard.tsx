// One job: what it does now, how far it is with both halves of its work, why it waits or stopped, and what can be done about it.
import {
  ArrowDown,
  ArrowDownToLine,
  ArrowUp,
  ArrowUpToLine,
  Hourglass,
  Pause,
  Play,
  RotateCcw,
  Trash2,
  X,
} from 'lucide-react'
import { useStore } from 'zustand'
import type { ItemCommand } from '../../commands/itemCommand.ts'
import { jobCommands, type QueuedJob } from '../../commands/jobCommands.ts'
import { Notice } from '../../ui/Notice.tsx'
import { percentText } from '../../words/units.ts'
import { t } from '../../words/words.ts'
import { useItemActions } from '../ItemButtons.tsx'
import { useManagement, useNowMs } from '../manage.ts'
import { problemText } from '../problems/problemText.ts'
import { ProblemNotice, RequestProblem } from '../RequestProblem.tsx'
import { JobFiles } from './JobFiles.tsx'
import { countdown, fractionOf, progressWords, stateWords } from './jobWords.ts'

export interface JobCardProps {
  readonly item: QueuedJob
  readonly commands: readonly ItemCommand<QueuedJob>[]
}

export function JobCard({ item, commands }: JobCardProps) {
  const { jobs } = useManagement()
  const { job } = item
  const refusal = useStore(jobs.store, ({ refusals }) => refusals[job.id])
  const { onKeyDown, button, question } = useItemActions(commands, item, job.title)
  const isDone = job.state === 'done'
  const goesOn = job.state === 'paused' || job.state === 'failed'
  return (
    <li
      className="card job"
      onKeyDown={onKeyDown}
      aria-label={t('downloads.job', { kind: t(`downloads.kinds.${job.kind}`), title: job.title })}
    >
      <div className="card-head">
        <h3 className="card-title">{job.title}</h3>
        <span className={`job-state job-${job.state}`}>{stateWords(job)}</span>
      </div>
      <div className="job-bars">
        {isDone ? null : (
          <Bar
            label={job.kind === 'install' ? t('downloads.download') : t(`downloads.kinds.${job.kind}`)}
            fraction={fractionOf(job)}
          />
        )}
        {isDone || job.compileFraction === null ? null : (
          <Bar label={t('downloads.compile')} fraction={job.compileFraction} />
        )}
        <p className="job-figures">{progressWords(job) || ' '}</p>
      </div>
      {job.waiting === null ? null : <Waiting {...job.waiting}>{button(jobCommands.tryNow)}</Waiting>}
      {job.problem === null || job.state !== 'failed' ? null : (
        <ProblemNotice text={problemText(job.problem)} again={null} />
      )}
      {refusal === undefined ? null : <RequestProblem error={refusal} />}
      <div className="job-tools">
        {isDone ? (
          button(jobCommands.clear, { icon: <X aria-hidden="true" /> })
        ) : (
          <>
            {button(jobCommands.pauseOrResume, { icon: toggleIcon(job.state, goesOn) })}
            {button(jobCommands.cancel, { icon: <Trash2 aria-hidden="true" /> })}
            <span className="job-moves">
              {button(jobCommands.first, { kind: 'icon', icon: <ArrowUpToLine aria-hidden="true" /> })}
              {button(jobCommands.up, { kind: 'icon', icon: <ArrowUp aria-hidden="true" /> })}
              {button(jobCommands.down, { kind: 'icon', icon: <ArrowDown aria-hidden="true" /> })}
              {button(jobCommands.last, { kind: 'icon', icon: <ArrowDownToLine aria-hidden="true" /> })}
            </span>
          </>
        )}
      </div>
      <JobFiles files={job.files} />
      {question}
    </li>
  )
}

function toggleIcon(state: string, goesOn: boolean) {
  if (state === 'failed') return <RotateCcw aria-hidden="true" />
  return goesOn ? <Play aria-hidden="true" /> : <Pause aria-hidden="true" />
}

function Bar({ label, fraction }: { readonly label: string; readonly fraction: number | null }) {
  const percent = fraction === null ? '' : percentText(fraction)
  return (
    <>
      <span aria-hidden="true">{label}</span>
      <progress aria-label={label} {...(fraction === null ? {} : { value: fraction, max: 1 })} />
      <span className="job-percent" aria-hidden="true">
        {percent}
      </span>
    </>
  )
}

interface WaitingProps extends NonNullable<QueuedJob['job']['waiting']> {
  readonly children: React.ReactNode
}

/** A reason that passes is not an alarm: it is told, with the time. */
function Waiting({ problem, untilMs, children }: WaitingProps) {
  const nowMs = useNowMs(true)
  const { title, advice, detail } = problemText(problem)
  return (
    <Notice kind="info" icon={<Hourglass />} title={title} action={children}>
      <p>
        <span className="countdown">{countdown(untilMs, nowMs)}</span> {advice}
      </p>
      {detail === '' ? null : <p className="notice-detail">{detail}</p>}
    </Notice>
  )
}
