// Jobs for tests that only look at them.
import type { Job } from '../../shared/jobs.ts'

/** A download half done, or whatever is given. */
export function jobOf(change: Partial<Job> = {}): Job {
  return {
    id: '6d1f7c1e-6a4b-4d53-9d54-3a8a3f0c2b11',
    kind: 'install',
    title: 'somebody/model',
    state: 'running',
    stage: 'downloading',
    doneBytes: 500_000_000,
    totalBytes: 1_000_000_000,
    speedBytesPerSecond: 10_000_000,
    remainingMs: 50_000,
    compileFraction: null,
    files: [],
    waiting: null,
    problem: null,
    modelKey: null,
    ...change,
  }
}
