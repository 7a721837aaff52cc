// What can be done with a job of the queue.
import type { Job } from '../../shared/jobs.ts'
import { formatBytes } from '../../shared/units.ts'
import type { JobDirection } from '../state/jobs.ts'
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
    if (item === null) return 'Pause, resume or try again'
    if (item.job.state === 'failed') return 'Try again'
    return item.job.state === 'paused' ? 'Resume' : 'Pause'
  },
  shortcut: { key: 'p' },
  isEnabled: ({ job }) => job.state !== 'done',
  run: ({ jobs }, { job }) =>
    void jobs.act(job.state === 'paused' || job.state === 'failed' ? 'jobs.resume' : 'jobs.pause', job.id),
}

/** Of a job that waits for the network or the Hub. */
export const tryNow: ItemCommand<QueuedJob> = {
  id: 'jobs.tryNow',
  title: () => 'Try now',
  shortcut: { key: 't' },
  isEnabled: ({ job }) => job.state === 'running' && job.waiting !== null,
  run: ({ jobs }, { job }) => void jobs.act('jobs.resume', job.id),
}

const cancel: ItemCommand<QueuedJob> = {
  id: 'jobs.cancel',
  title: () => 'Cancel',
  shortcut: { key: 'Delete' },
  isEnabled: ({ job }) => job.state !== 'done',
  question: ({ job }) =>
    job.kind !== 'install' || job.doneBytes === 0
      ? null
      : {
          title: `Cancel ${job.title}?`,
          text: `The ${formatBytes(job.doneBytes)} that are done so far are deleted, except for files that other models use. To go on later, pause it instead.`,
          answer: 'Cancel the download',
        },
  run: ({ jobs }, { job }) => void jobs.act('jobs.cancel', job.id),
}

const clear: ItemCommand<QueuedJob> = {
  id: 'jobs.clear',
  title: () => 'Take out of the list',
  shortcut: { key: 'Delete', shift: true },
  isEnabled: ({ job }) => job.state === 'done',
  run: ({ jobs }, { job }) => void jobs.act('jobs.cancel', job.id),
}

function move(to: JobDirection, title: string, key: string, isEnabled: (item: QueuedJob) => boolean) {
  return {
    id: `jobs.${to}`,
    title: () => title,
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
  first: move('first', 'Move to the front', 'Home', ({ isFirst }) => !isFirst),
  up: move('up', 'Move up', 'ArrowUp', ({ isFirst }) => !isFirst),
  down: move('down', 'Move down', 'ArrowDown', ({ isLast }) => !isLast),
  last: move('last', 'Move to the end', 'End', ({ isLast }) => !isLast),
} as const
