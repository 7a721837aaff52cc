// What of the queue may run now, and in which order the rest waits.
import type { JobState } from '../../../shared/jobs.ts'
import { type JobRow, kindOf } from './rows.ts'

/** Not done and not given up: it has a place in the order. */
export function isOpen(state: JobState | 'cancelled'): boolean {
  return state === 'waiting' || state === 'running' || state === 'paused' || state === 'failed'
}

/** Moving the folder runs alone; checks and repairs one at a time, beside installations. */
export function mayStart(row: JobRow, running: readonly JobRow[], installsAtOnce: number): boolean {
  const kind = kindOf(row)
  const kinds = running.map(kindOf)
  if (kinds.includes('move')) return false
  if (kind === 'move') return kinds.length === 0
  const installs = kinds.filter((one) => one === 'install').length
  return kind === 'install' ? installs < installsAtOnce : kinds.length - installs < 1
}

/** The ids with one of them moved; as they were where it is not among them. */
export function moved(ids: readonly string[], id: string, to: 'up' | 'down' | 'first' | 'last'): readonly string[] {
  const from = ids.indexOf(id)
  if (from < 0) return ids
  const others = ids.filter((one) => one !== id)
  const place = { up: Math.max(0, from - 1), down: from + 1, first: 0, last: others.length }[to]
  return [...others.slice(0, place), id, ...others.slice(place)]
}
