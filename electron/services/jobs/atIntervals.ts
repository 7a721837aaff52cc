// Whoever watches the queue is told at most a few times a second, and of the last change always.
import type { Clock } from '../download/types.ts'

const intervalMs = 250

/** `tell` for changes that come close together: at once for the first, later once for all that come in between. */
export function atIntervals(tell: () => void, clock: Clock, signal: AbortSignal): () => void {
  let pending = false
  let toldMs = Number.NEGATIVE_INFINITY
  const later = async () => {
    if (pending || signal.aborted) return
    pending = true
    const left = toldMs + intervalMs - clock.now()
    if (left > 0) await clock.sleep(left, signal).catch(() => undefined)
    else await Promise.resolve()
    pending = false
    toldMs = clock.now()
    if (!signal.aborted) tell()
  }
  return () => void later()
}
