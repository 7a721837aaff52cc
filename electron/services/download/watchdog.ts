// Notices that nothing comes any more, or so little that it will never be done. Time in which the reader itself does not read is not counted.
import type { Watch } from './types.ts'

/** Fewer bytes than this in the time that silence is borne are as good as silence. */
const leastBytes = 4096

/** @param stallMs how long silence is borne */
export function createWatch(stallMs: number): Watch {
  return (stalled) => {
    let sinceMs = performance.now()
    let bytes = 0
    let pausedMs: number | null = null
    let isEnough = false
    const interval = setInterval(
      () => {
        const nowMs = performance.now()
        if (pausedMs !== null || nowMs - sinceMs < stallMs) return
        if (isEnough) {
          sinceMs = nowMs
          bytes = 0
          isEnough = false
          return
        }
        clearInterval(interval)
        stalled()
      },
      Math.min(1000, stallMs / 4),
    )
    return {
      came: (more) => {
        bytes += more
        isEnough ||= bytes >= leastBytes
      },
      pause: () => {
        pausedMs ??= performance.now()
      },
      resume: () => {
        if (pausedMs !== null) sinceMs += performance.now() - pausedMs
        pausedMs = null
      },
      end: () => clearInterval(interval),
    }
  }
}
