// A clock that stands still until it is told to go on.
import type { Clock } from '../../electron/services/download/types.ts'

export interface FakeClock extends Clock {
  /** Lets time pass; sleepers wake in order, and what they start has run when this resolves. */
  pass(milliseconds: number): Promise<void>
}

export function fakeClock(startMs = 1_000_000): FakeClock {
  let nowMs = startMs
  let sleepers: readonly { readonly atMs: number; readonly wake: () => void }[] = []
  return {
    now: () => nowMs,
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted()
        const sleeper = {
          atMs: nowMs + delayMs,
          wake: () => {
            signal.removeEventListener('abort', stop)
            resolve()
          },
        }
        const stop = () => {
          sleepers = sleepers.filter((one) => one !== sleeper)
          reject(signal.reason)
        }
        signal.addEventListener('abort', stop, { once: true })
        sleepers = [...sleepers, sleeper].sort((a, b) => a.atMs - b.atMs)
      }),
    async pass(milliseconds) {
      const endMs = nowMs + milliseconds
      for (;;) {
        const [next] = sleepers
        if (next === undefined || next.atMs > endMs) break
        sleepers = sleepers.slice(1)
        nowMs = next.atMs
        next.wake()
        await settled()
      }
      nowMs = endMs
      await settled()
    },
  }
}

/** What is ready to run has run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
}
