// Notices that nothing comes any more. One timer for a body, set again at most once a second.
import type { Watch } from './types.ts'

/** @param stallMs how long silence is borne */
export function createWatch(stallMs: number): Watch {
  return (stalled) => {
    let lastMs = performance.now()
    const interval = setInterval(
      () => {
        if (performance.now() - lastMs < stallMs) return
        clearInterval(interval)
        stalled()
      },
      Math.min(1000, stallMs / 4),
    )
    return {
      alive: () => {
        lastMs = performance.now()
      },
      end: () => clearInterval(interval),
    }
  }
}
