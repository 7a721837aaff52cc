// Waiting, as a parameter: the window's own timers, or a test's.

/** Runs once after the time; the function it gives takes that back. */
export type After = (delayMs: number, run: () => void) => () => void

export const windowAfter: After = (delayMs, run) => {
  const timer = setTimeout(run, delayMs)
  return () => clearTimeout(timer)
}

export interface Delayed {
  /** From now on it runs after the time; a later call starts the time anew. */
  start(): void
  /** Runs at once what was started, if it was. */
  flush(): void
  cancel(): void
}

export function delayed(after: After, delayMs: number, run: () => void): Delayed {
  let stop: (() => void) | null = null
  const cancel = () => {
    stop?.()
    stop = null
  }
  return {
    start() {
      cancel()
      stop = after(delayMs, () => {
        stop = null
        run()
      })
    },
    flush() {
      if (stop === null) return
      cancel()
      run()
    },
    cancel,
  }
}
