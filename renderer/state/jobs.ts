// The long work on models as the window sees it: what main tells, what a person asked of it, and what has just come to an end.
import { createStore } from 'zustand/vanilla'
import type { InstallRequest, Job } from '../../shared/jobs.ts'
import type { Call, Listen } from '../ipc.ts'

/** What is worth saying aloud: an end, never a percentage. */
export interface JobEnd {
  /** Grows, so that the same sentence twice is said twice. */
  readonly number: number
  readonly job: Job
}

export interface JobsState {
  readonly jobs: readonly Job[]
  /** `asking` until main has answered once. */
  readonly list: { readonly kind: 'asking' | 'known' } | { readonly kind: 'failed'; readonly error: unknown }
  /** The newest end of a job since the window opened. */
  readonly ended: JobEnd | null
  /** What was refused, by job. */
  readonly refusals: Readonly<Record<string, unknown>>
}

export interface JobsParts {
  readonly call: Call
  readonly listen: Listen
}

export type JobAction = 'jobs.pause' | 'jobs.resume' | 'jobs.cancel'
export type JobDirection = 'up' | 'down' | 'first' | 'last'

export function createJobs({ call, listen }: JobsParts) {
  const store = createStore<JobsState>()(() => ({ jobs: [], list: { kind: 'asking' }, ended: null, refusals: {} }))
  let told = 0

  function show(jobs: readonly Job[]): void {
    told += 1
    const before = store.getState()
    const job = before.list.kind === 'known' ? newlyEnded(before.jobs, jobs) : undefined
    store.setState({
      jobs,
      list: { kind: 'known' },
      ended: job === undefined ? before.ended : { number: (before.ended?.number ?? 0) + 1, job },
    })
  }

  /** Asks for the state, then follows the events. An answer that an event has overtaken is dropped. */
  async function start(signal: AbortSignal): Promise<void> {
    listen('jobs.changed', show, { signal })
    await ask()
  }

  async function ask(): Promise<void> {
    const before = told
    try {
      const jobs = await call('jobs.list', undefined)
      if (told === before) show(jobs)
    } catch (error) {
      if (told === before) store.setState({ list: { kind: 'failed', error } })
    }
  }

  async function tell(id: string, request: () => Promise<unknown>): Promise<void> {
    const { [id]: _earlier, ...others } = store.getState().refusals
    store.setState({ refusals: others })
    try {
      await request()
    } catch (error) {
      store.setState(({ refusals }) => ({ refusals: { ...refusals, [id]: error } }))
    }
  }

  return {
    store,
    start,
    ask,
    install: (request: InstallRequest) => call('jobs.install', request),
    act: (action: JobAction, id: string) => tell(id, () => call(action, { id })),
    move: (id: string, to: JobDirection) => tell(id, () => call('jobs.move', { id, to })),
    /** Takes every finished job out of the list; the models stay. */
    clearDone: async () => {
      const done = store.getState().jobs.filter(({ state }) => state === 'done')
      await Promise.all(done.map(({ id }) => tell(id, () => call('jobs.cancel', { id }))))
    },
  }
}

/** A job that was seen before, or came in between, and has now come to its end. */
function newlyEnded(before: readonly Job[], now: readonly Job[]): Job | undefined {
  return now.findLast((job) => {
    const old = before.find(({ id }) => id === job.id)
    return (job.state === 'done' || job.state === 'failed') && old !== undefined && old.state !== job.state
  })
}

export interface JobsSummary {
  /** Running or waiting for their turn. */
  readonly open: number
  readonly failed: number
  /** Of everything that is open and whose size is known, 0 to 1; null where nothing is. */
  readonly fraction: number | null
}

/** For the one line that is seen everywhere. */
export function summaryOf(jobs: readonly Job[]): JobsSummary {
  const open = jobs.filter(({ state }) => state === 'running' || state === 'waiting')
  const sized = open.flatMap(({ doneBytes, totalBytes }) => (totalBytes === null ? [] : [{ doneBytes, totalBytes }]))
  const total = sized.reduce((sum, { totalBytes }) => sum + totalBytes, 0)
  const done = sized.reduce((sum, { doneBytes }) => sum + doneBytes, 0)
  return {
    open: open.length,
    failed: jobs.filter(({ state }) => state === 'failed').length,
    fraction: total === 0 ? null : Math.min(1, done / total),
  }
}
