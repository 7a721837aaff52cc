// Jobs in words: what one does now, how far it is, how long it takes.
import type { Job, JobStage } from '../../../shared/jobs.ts'
import { formatBytes, formatDuration } from '../../../shared/units.ts'

export const kindWords = {
  install: 'Installation',
  verify: 'Check',
  repair: 'Repair',
  move: 'Move of the models folder',
} as const satisfies Record<Job['kind'], string>

const stageWords = {
  resolving: 'Looking at the files',
  downloading: 'Downloading',
  compiling: 'Compiling',
  checking: 'Checking every byte',
  installing: 'Putting it in its place',
  moving: 'Moving',
} as const satisfies Record<JobStage, string>

const doneWords = {
  install: 'Installed',
  verify: 'Checked',
  repair: 'Repaired',
  move: 'Moved',
} as const satisfies Record<Job['kind'], string>

/** The state in a few words. */
export function stateWords({ state, kind, stage, compileFraction, waiting }: Job): string {
  switch (state) {
    case 'waiting':
      return 'Waits for its turn'
    case 'paused':
      return 'Paused'
    case 'failed':
      return 'Stopped'
    case 'done':
      return doneWords[kind]
    case 'running':
      if (waiting !== null) return `${stageWords[stage]}, waiting`
      return stage === 'downloading' && compileFraction !== null ? 'Downloading and compiling' : stageWords[stage]
    default:
      return state satisfies never
  }
}

/** Bytes, speed and time left; empty where nothing is known. */
export function progressWords({ doneBytes, totalBytes, speedBytesPerSecond, remainingMs, state }: Job): string {
  if (state === 'done') return totalBytes === null || totalBytes === 0 ? '' : formatBytes(totalBytes)
  const amount =
    totalBytes === null
      ? doneBytes > 0
        ? formatBytes(doneBytes)
        : ''
      : `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)}`
  const speed = speedBytesPerSecond === null ? '' : `${formatBytes(speedBytesPerSecond)} per second`
  const left = remainingMs === null ? '' : `${timeLeft(remainingMs)} left`
  return [amount, speed, left].filter((part) => part !== '').join(' · ')
}

/** Rounded as an estimate is: `12 s`, `4 min`, `1 h 20 min`. */
export function timeLeft(remainingMs: number): string {
  const seconds = Math.max(1, Math.round(remainingMs / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  return minutes % 60 === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Nobody waits for longer by the clock: such a job goes on when it is told to. */
const longestWaitMs = 24 * 60 * 60_000

/** When a waiting job goes on by itself; empty where no time is set for that. */
export function countdown(untilMs: number, nowMs: number): string {
  if (untilMs - nowMs > longestWaitMs) return ''
  return untilMs > nowMs ? `Goes on by itself in ${formatCountdown(untilMs - nowMs)}.` : 'Goes on now.'
}

function formatCountdown(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000)
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000)
}

/** 0 to 1; null while it cannot be told. */
export function fractionOf({ doneBytes, totalBytes }: Pick<Job, 'doneBytes' | 'totalBytes'>): number | null {
  return totalBytes === null || totalBytes === 0 ? null : Math.min(1, doneBytes / totalBytes)
}
