// How fast something goes: bytes over the last seconds. Nothing for a while is no speed at all, not a slow one.

const windowMs = 5000
const standstillMs = 3000

export interface Meter {
  /** `doneBytes` in all, never less than before but after a reset. */
  record(doneBytes: number, nowMs: number): void
  /** null while nothing moves. */
  bytesPerSecond(nowMs: number): number | null
  reset(): void
}

export function createMeter(): Meter {
  let samples: readonly { readonly atMs: number; readonly doneBytes: number }[] = []
  return {
    record(doneBytes, nowMs) {
      if (samples.at(-1)?.doneBytes === doneBytes) return
      const recent = samples.filter(({ atMs }) => nowMs - atMs <= windowMs)
      const before = recent.length > 0 ? recent : samples.slice(-1)
      samples = [...before, { atMs: nowMs, doneBytes }]
    },
    bytesPerSecond(nowMs) {
      const [first, last] = [samples[0], samples.at(-1)]
      if (first === undefined || last === undefined || nowMs - last.atMs > standstillMs) return null
      const elapsedMs = nowMs - first.atMs
      const moved = last.doneBytes - first.doneBytes
      return elapsedMs <= 0 || moved <= 0 ? null : (moved / elapsedMs) * 1000
    },
    reset() {
      samples = []
    },
  }
}
