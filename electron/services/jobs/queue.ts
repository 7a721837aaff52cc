// The queue of long work: an order, states that survive the process, and a bound on what runs at once. What a job does is a parameter; when it is told to
// stop, the queue waits until it has.
import { randomUUID } from 'node:crypto'
import type { Job } from '../../../shared/jobs.ts'
import type { Clock } from '../download/types.ts'
import type { Jobs } from '../models.ts'
import { atIntervals } from './atIntervals.ts'
import { type LiveJob, liveJob, type Progress, shown } from './live.ts'
import { isOpen, mayStart, moved } from './order.ts'
import { createPatience, type Patience } from './patience.ts'
import { errorOf, problemOf } from './problems.ts'
import { type InstallPlan, type JobRow, type JobRows, type JobWork, kindOf } from './rows.ts'

/** What a job sees of itself. */
export interface RunningJob {
  readonly id: string
  readonly work: JobWork
  readonly plan: InstallPlan | null
  /** Plans of the other jobs that are not done. */
  others(): readonly InstallPlan[]
  /** Holds to the plan from now on, also after a restart. */
  keep(plan: InstallPlan): void
  report(progress: Partial<Progress>): void
  /** Bytes a download or a check has seen, for the speed. */
  moved(doneBytes: number): void
  /** Says why nothing moves, null once it does again. */
  waits(waiting: Job['waiting']): void
  /** Tries again while the reason for a failure is one that passes by itself; the job shows what it waits for. */
  patiently<T>(action: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>
}

export interface QueueOptions {
  readonly rows: JobRows
  /** Does the work; gives the key of the model it made, if it made one. */
  readonly run: (job: RunningJob, signal: AbortSignal) => Promise<string | null>
  /** Frees what a cancelled job leaves. `others`: plans of jobs that go on. */
  readonly forget: (job: JobRow, others: readonly InstallPlan[]) => Promise<void>
  readonly clock: Clock
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Installations at once; checks and repairs go on beside them. */
  readonly installsAtOnce: number
  /** Tries of a step that fails for a reason that passes; null tries for ever. */
  readonly tries: number | null
  /** Whether what waited when the queue was opened starts by itself; else only what is added or resumed from then on. Yes unless given. */
  readonly goesOn?: boolean
  /** Finished jobs that stay in the list. */
  readonly keptDone?: number
}

export interface Queue extends Omit<Jobs, 'install' | 'verify' | 'repair' | 'moveFolder'>, AsyncDisposable {
  add(work: JobWork, title: string): string
  /** The network may be there again: whoever waits for it tries now. */
  networkChanged(): void
  /** The rows are in another place now: writes there what was added since they were copied. */
  rewrite(): void
}

/** `pause` and `cancel` stop a job; `close` leaves it for the next start. */
type Ending = 'pause' | 'cancel' | 'close'

interface Active {
  readonly abort: AbortController
  ending: Ending | null
  readonly live: LiveJob
  readonly patience: Patience
  readonly ended: Promise<void>
}

/** Opens the queue and goes on with what was running. */
export function openQueue(options: QueueOptions): Queue {
  const { clock, goesOn = true, keptDone = 20 } = options
  let rows: readonly JobRow[] = options.rows.all()
  const active = new Map<string, Active>()
  const listeners = new Set<() => void>()
  const closing = new AbortController()
  const changed = () => {
    for (const listener of [...listeners]) listener()
  }
  const find = (id: string) => rows.find((row) => row.id === id && row.state !== 'cancelled')
  const put = (id: string, change: Partial<Omit<JobRow, 'id' | 'work'>>) => {
    const row = rows.find((one) => one.id === id)
    if (row === undefined) return
    const next = { ...row, ...change }
    options.rows.put(next)
    rows = rows.map((one) => (one.id === id ? next : one))
    changed()
  }
  const removeRow = (id: string) => {
    options.rows.remove(id)
    rows = rows.filter((row) => row.id !== id)
    changed()
  }

  const plansBeside = (id: string) =>
    rows.filter((row) => row.id !== id && isOpen(row.state)).flatMap(({ plan }) => plan ?? [])
  const forget = async (row: JobRow) => {
    // Its plan may be newer than the row that was started.
    const newest = rows.find(({ id }) => id === row.id) ?? row
    await options.forget(newest, plansBeside(row.id))
    removeRow(row.id)
  }

  const runningJob = (row: JobRow, { live, patience }: Active): RunningJob => {
    let plan = row.plan
    return {
      id: row.id,
      work: row.work,
      get plan() {
        return plan
      },
      others: () => plansBeside(row.id),
      keep: (kept) => {
        plan = kept
        put(row.id, { plan, title: kept.id })
      },
      report: (progress) => {
        live.report(progress)
        changed()
      },
      moved: (doneBytes) => {
        live.moved(doneBytes, clock.now())
        changed()
      },
      waits: (waiting) => {
        live.waits(waiting)
        changed()
      },
      patiently: patience.patiently,
    }
  }

  const start = (row: JobRow) => {
    const abort = new AbortController()
    const live = liveJob(row)
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    const patience = createPatience({
      ...options,
      waits: (waiting) => {
        live.waits(waiting)
        changed()
      },
    })
    const one: Active = { abort, ending: null, live, patience, ended }
    active.set(row.id, one)
    put(row.id, { state: 'running', problem: null })
    const done = async (change: Partial<Omit<JobRow, 'id' | 'work'>>) => {
      active.delete(row.id)
      if (one.ending === 'cancel') await forget(row).catch(() => undefined)
      else if (one.ending === null) put(row.id, change)
      resolve()
      if (change.state === 'done') dropOld()
      schedule()
    }
    void options.run(runningJob(row, one), abort.signal).then(
      (modelKey) => {
        // Told to stop when there was nothing left to stop: it is done all the same, and a cancelled one goes.
        if (one.ending === 'pause' || one.ending === 'close') one.ending = null
        return done({ state: 'done', modelKey })
      },
      (error: unknown) => done({ state: 'failed', problem: problemOf(error) }),
    )
  }

  /** Starts whatever may run now, in order. */
  const schedule = () => {
    if (closing.signal.aborted) return
    for (const row of rows) {
      if (row.state !== 'waiting' || active.has(row.id) || held.has(row.id)) continue
      const running = [...active.keys()].flatMap((id) => rows.find((one) => one.id === id) ?? [])
      if (!mayStart(row, running, options.installsAtOnce)) {
        // What moves the folder needs it alone: nothing overtakes it.
        if (kindOf(row) === 'move') return
        continue
      }
      start(row)
    }
  }

  const dropOld = () => {
    const done = rows.filter(({ state }) => state === 'done')
    for (const { id } of done.slice(0, Math.max(0, done.length - keptDone))) removeRow(id)
  }

  const stop = async (id: string, ending: Ending) => {
    const one = active.get(id)
    if (one === undefined) return
    // Cancelled stays cancelled.
    if (one.ending !== 'cancel') one.ending = ending
    one.abort.abort(new DOMException(`told to ${ending}`, 'AbortError'))
    await one.ended
  }

  const list = () =>
    rows
      .filter(({ state }) => state !== 'cancelled')
      .map((row) => shown(row, active.get(row.id)?.live ?? null, clock.now()))

  // What a process that ended has left: running jobs wait for their turn again, cancelled ones go.
  for (const { id } of rows.filter(({ state }) => state === 'running')) put(id, { state: 'waiting' })
  const held = new Set(goesOn ? [] : rows.map(({ id }) => id))
  for (const row of rows.filter(({ state }) => state === 'cancelled')) void forget(row).catch(() => undefined)
  queueMicrotask(schedule)

  return {
    add(work, title) {
      const row: JobRow = { id: randomUUID(), title, state: 'waiting', work, plan: null, problem: null, modelKey: null }
      options.rows.put(row)
      rows = [...rows, row]
      changed()
      schedule()
      return row.id
    },
    list,
    watch(listener, signal) {
      const told = atIntervals(() => listener(list()), clock, signal)
      listeners.add(told)
      signal.addEventListener('abort', () => listeners.delete(told), { once: true })
    },
    async pause(id) {
      const row = find(id)
      if (row === undefined || (row.state !== 'waiting' && row.state !== 'running')) return
      put(id, { state: 'paused' })
      await stop(id, 'pause')
    },
    async resume(id) {
      const row = find(id)
      if (row?.state === 'running') active.get(id)?.patience.wake()
      if (held.delete(id)) schedule()
      if (row?.state !== 'paused' && row?.state !== 'failed') return
      put(id, { state: 'waiting', problem: null })
      schedule()
    },
    async cancel(id) {
      const row = find(id)
      if (row === undefined) return
      if (row.state === 'done') return removeRow(id)
      put(id, { state: 'cancelled' })
      if (active.has(id)) await stop(id, 'cancel')
      else await forget(row)
      schedule()
    },
    async move({ id, to }) {
      const ids = moved(
        rows.filter(({ state }) => isOpen(state)).map((row) => row.id),
        id,
        to,
      )
      const inOrder = ids.flatMap((one) => rows.find((row) => row.id === one) ?? [])
      rows = [...rows.filter(({ state }) => !isOpen(state)), ...inOrder]
      options.rows.order(rows.map((row) => row.id))
      changed()
      schedule()
    },
    finished(id, signal) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const job = list().find((one) => one.id === id)
          if (job?.state === 'done') resolve(job)
          else if (job === undefined) reject(errorOf({ code: 'stopped-itself', detail: 'it was cancelled' }))
          else if (job.state === 'failed') reject(errorOf(job.problem ?? { code: 'stopped-itself', detail: '' }))
          else if (signal.aborted) reject(signal.reason)
          else return
          listeners.delete(look)
          signal.removeEventListener('abort', look)
        }
        listeners.add(look)
        signal.addEventListener('abort', look, { once: true })
        look()
      })
    },
    rewrite() {
      for (const row of rows) options.rows.put(row)
      options.rows.order(rows.map(({ id }) => id))
    },
    networkChanged() {
      for (const one of active.values()) one.patience.wake()
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      await Promise.all([...active.keys()].map((id) => stop(id, 'close')))
    },
  }
}
