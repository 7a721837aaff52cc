// Jobs in words: what one does now, how far it is, how long it takes.
import type { Job } from '../../../shared/jobs.ts'
import { bytesOf, bytesPerSecond, bytesText, durationText } from '../../words/units.ts'
import { t } from '../../words/words.ts'

/** The state in a few words. */
export function stateWords({ state, kind, stage, compileFraction, waiting }: Job): string {
  switch (state) {
    case 'waiting':
      return t('downloads.states.waiting')
    case 'paused':
      return t('downloads.states.paused')
    case 'failed':
      return t('downloads.states.failed')
    case 'done':
      return t(`downloads.ended.${kind}`)
    case 'running':
      if (waiting !== null) return t('downloads.states.stageWaits', { stage: t(`downloads.stages.${stage}`) })
      return stage === 'downloading' && compileFraction !== null
        ? t('downloads.states.both')
        : t(`downloads.stages.${stage}`)
    default:
      return state satisfies never
  }
}

/** Bytes, speed and time left; empty where nothing is known. */
export function progressWords({ doneBytes, totalBytes, speedBytesPerSecond, remainingMs, state }: Job): string {
  if (state === 'done') return totalBytes === null || totalBytes === 0 ? '' : bytesText(totalBytes)
  const amount = totalBytes === null ? (doneBytes > 0 ? bytesText(doneBytes) : '') : bytesOf(doneBytes, totalBytes)
  const speed = speedBytesPerSecond === null ? '' : bytesPerSecond(speedBytesPerSecond)
  const left = remainingMs === null ? '' : t('downloads.left', { time: timeLeft(remainingMs) })
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
  return untilMs > nowMs
    ? t('downloads.goesOnIn', { time: formatCountdown(untilMs - nowMs) })
    : t('downloads.goesOnNow')
}

function formatCountdown(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000)
  return seconds < 60 ? `${seconds} s` : durationText(seconds * 1000)
}

/** 0 to 1; null while it cannot be told. */
export function fractionOf({ doneBytes, totalBytes }: Pick<Job, 'doneBytes' | 'totalBytes'>): number | null {
  return totalBytes === null || totalBytes === 0 ? null : Math.min(1, doneBytes / totalBytes)
}
