// A queue whose work does what the test says, under a clock that stands still, and some work to put into it.
import { DatabaseSync } from 'node:sqlite'
import { openQueue, type Queue, type RunningJob } from '../../electron/services/jobs/queue.ts'
import { type InstallPlan, type JobWork, jobRows } from '../../electron/services/jobs/rows.ts'
import { type FakeClock, fakeClock } from './fakeClock.ts'

export const install = (repository = 'a/b'): JobWork => ({
  kind: 'install',
  folder: null,
  request: {
    source: { kind: 'checkpoint', repository },
    format: 'q4f16_1',
    quantization: 'search',
    contextTokens: null,
    keepCheckpoint: false,
  },
})
export const verify: JobWork = { kind: 'verify', key: 'f'.repeat(64) }
export const move: JobWork = { kind: 'move', path: '/elsewhere' }
export const plan: InstallPlan = {
  id: 'a/b',
  commit: '0'.repeat(40),
  files: [{ name: 'config.json', sizeBytes: 7, hash: { kind: 'git-blob', hex: '1'.repeat(40) } }],
  modelBytes: 3,
}

interface Work {
  readonly job: RunningJob
  readonly signal: AbortSignal
  finish(key?: string | null): void
  fail(error: unknown): void
}

export interface QueueRig {
  readonly queue: Queue
  /** What runs now, in the order it started. */
  readonly running: Work[]
  readonly forgotten: { readonly id: string; readonly others: readonly InstallPlan[] }[]
  readonly clock: FakeClock
  started(id: string): Work
}

export function openRig(database: DatabaseSync, options: Partial<Parameters<typeof openQueue>[0]> = {}): QueueRig {
  const running: Work[] = []
  const forgotten: QueueRig['forgotten'] = []
  const clock = fakeClock()
  const queue = openQueue({
    rows: jobRows(() => database),
    run: (job, abort) =>
      new Promise((resolve, reject) => {
        const leave = () => running.splice(running.indexOf(work), 1)
        const work: Work = {
          job,
          signal: abort,
          finish: (key = null) => {
            leave()
            resolve(key)
          },
          fail: (error) => {
            leave()
            reject(error)
          },
        }
        running.push(work)
        abort.addEventListener('abort', () => work.fail(abort.reason))
      }),
    forget: async ({ id }, others) => void forgotten.push({ id, others }),
    clock,
    random: () => 0,
    installsAtOnce: 1,
    tries: null,
    ...options,
  })
  const started = (id: string) => {
    const work = running.find(({ job }) => job.id === id)
    if (work === undefined) throw new Error(`${id} does not run`)
    return work
  }
  return { queue, running, forgotten, clock, started }
}

export function memory(): DatabaseSync {
  return new DatabaseSync(':memory:')
}

export const states = (queue: Queue) => queue.list().map(({ title, state }) => `${title} ${state}`)
