// A limit on what all downloads take together: bytes are paid for after they came, by waiting before the next ones are read.
import type { Clock } from './types.ts'

/** @param limit bytes per second, asked anew each time; null: none */
export function createSpeedLimit(limit: () => number | null, clock: Clock) {
  let paidUntilMs = 0
  let lastMs = 0
  return async (bytes: number, signal: AbortSignal): Promise<void> => {
    const bytesPerSecond = limit()
    if (bytesPerSecond === null) return
    const nowMs = clock.now()
    // A clock that was set back takes the debt with it.
    if (nowMs < lastMs) paidUntilMs -= lastMs - nowMs
    lastMs = nowMs
    paidUntilMs = Math.max(paidUntilMs, nowMs) + (bytes / bytesPerSecond) * 1000
    if (paidUntilMs > nowMs) await clock.sleep(paidUntilMs - nowMs, signal)
  }
}
