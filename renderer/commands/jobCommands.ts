// What can be done with a job of the queue.
import type { Job } from '../../shared/jobs.ts'
import type { JobDirection } from '../state/jobs.ts'
import { bytesText } from '../words/units.ts'
import { t } from '../words/words.ts'
import type { ItemCommand } from './itemCommand.ts'

/** A job and where it stands among those that are not done. */
export interface QueuedJob {
  readonly job: Job
  readonly isFirst: boolean
  readonly isLast: boolean
}

const pauseOrResume: ItemCommand<QueuedJob> = {
  id: 'jobs.pause',
  title: (item) => {
    if (item === null) return t('downloads.actions.toggle')
    if (item.job.state === 'failed') return t('downloads.actions.tryAgain')
    return t(item.job.state === 'paused' ? 'downloads.actions.resume' : 'downloads.actions.pause')
  },
  shortcut: { key: 'p' },
  isEnabled: ({ job }) => job.state !== 'done',
  run: ({ jobs }, { job }) =>
    void jobs.act(job.state === 'paused' || job.state === 'failed' ? 'jobs.resume' : 'jobs.pause', job.id),
}

/** Of a job that waits for the network or the Hub. */
export const tryNow: ItemCommand<QueuedJob> = {
  id: 'jobs.tryNow',
  title: () => t('downloads.actions.tryNow'),
  shortcut: { key: 't' },
  isEnabled: ({ job }) => job.state === 'running' && job.waiting !== null,
  run: ({ jobs }, { job }) => void jobs.act('jobs.resume', job.id),
}

const cancel: ItemCommand<QueuedJob> = {
  id: 'jobs.cancel',
  title: () => t('downloads.actions.cancel'),
  shortcut: { key: 'Delete' },
  isEnabled: ({ job }) => job.state !== 'done',
  question: ({ job }) =>
    job.kind !== 'install' || job.doneBytes === 0
      ? null
      : {
          title: t('downloads.cancelTitle', { title: job.title }),
          text: t('downloads.cancelText', { amount: bytesText(job.doneBytes) }),
          answer: t('downloads.cancelAnswer'),
        },
  run: ({ jobs }, { job }) => void jobs.act('jobs.cancel', job.id),
}

const clear: ItemCommand<QueuedJob> = {
  id: 'jobs.clear',
  title: () => t('downloads.actions.clear'),
  shortcut: { key: 'Delete', shift: true },
  isEnabled: ({ job }) => job.state === 'done',
  run: ({ jobs }, { job }) => void jobs.act('jobs.cancel', job.id),
}

function move(to: JobDirection, key: string, isEnabled: (item: QueuedJob) => boolean) {
  return {
    id: `jobs.${to}`,
    title: () => t(`downloads.actions.${to}`),
    shortcut: { key, alt: true },
    isEnabled: (item) => item.job.state !== 'done' && isEnabled(item),
    run: ({ jobs }, { job }) => void jobs.move(job.id, to),
  } satisfies ItemCommand<QueuedJob>
}

export const jobCommands = {
  pauseOrResume,
  tryNow,
  cancel,
  clear,
  first: move('first', 'Home', ({ isFirst }) => !isFirst),
  up: move('up', 'ArrowUp', ({ isFirst }) => !isFirst),
  down: move('down', 'ArrowDown', ({ isLast }) => !isLast),
  last: move('last', 'End', ({ isLast }) => !isLast),
} as const
