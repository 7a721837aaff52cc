// What is known of a job only while it runs: stage, bytes, speed, what it waits for. With its row it is what the window sees.
import type { Job } from '../../../shared/jobs.ts'
import { createMeter } from './meter.ts'
import { type JobRow, kindOf } from './rows.ts'

export type Progress = Pick<Job, 'stage' | 'doneBytes' | 'totalBytes' | 'compileFraction' | 'files'>

export interface LiveJob {
  report(change: Partial<Progress>): void
  moved(doneBytes: number, nowMs: number): void
  waits(waiting: Job['waiting']): void
  show(nowMs: number): Progress & Pick<Job, 'speedBytesPerSecond' | 'remainingMs' | 'waiting'>
}

export function liveJob(row: JobRow): LiveJob {
  const meter = createMeter()
  let progress = atRest(row)
  let waiting: Job['waiting'] = null
  return {
    report(change) {
      // Another stage counts other bytes.
      if (change.stage !== undefined && change.stage !== progress.stage) meter.reset()
      progress = { ...progress, ...change }
    },
    moved(doneBytes, nowMs) {
      meter.record(doneBytes, nowMs)
      waiting = null
      progress = { ...progress, doneBytes }
    },
    waits(next) {
      waiting = next
    },
    show(nowMs) {
      const speed = waiting === null ? meter.bytesPerSecond(nowMs) : null
      const { totalBytes, doneBytes } = progress
      const remainingMs = speed === null || totalBytes === null ? null : ((totalBytes - doneBytes) / speed) * 1000
      return { ...progress, speedBytesPerSecond: speed, remainingMs, waiting }
    },
  }
}

const firstStages = { install: 'resolving', verify: 'checking', repair: 'checking', move: 'moving' } as const

/** Before it runs, and after: what the plan tells. */
function atRest(row: JobRow): Progress {
  const files = row.plan?.files ?? []
  const isDone = row.state === 'done'
  const totalBytes = row.plan === null ? null : files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return {
    stage: isDone && row.work.kind === 'install' ? 'installing' : firstStages[kindOf(row)],
    doneBytes: isDone ? (totalBytes ?? 0) : 0,
    totalBytes,
    compileFraction: isDone && row.work.kind === 'install' ? 1 : null,
    files: files.map(({ name, sizeBytes }) => ({
      name,
      sizeBytes,
      doneBytes: isDone ? sizeBytes : 0,
      isVerified: isDone,
    })),
  }
}

export function shown(row: JobRow, live: LiveJob | null, nowMs: number): Job {
  const still = { speedBytesPerSecond: null, remainingMs: null, waiting: null }
  return {
    id: row.id,
    kind: kindOf(row),
    title: row.title,
    state: row.state === 'cancelled' ? 'paused' : row.state,
    ...(live?.show(nowMs) ?? { ...atRest(row), ...still }),
    problem: row.problem,
    modelKey: row.modelKey,
  }
}
