// Numbers with units become words here, at the edge of the screen, and nowhere else. Decimal units, as disks and memory are sold by now.

/** 8_600_000 -> `8.6 MB`. */
export function formatBytes(sizeBytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, sizeBytes)) / 3)))
  const value = sizeBytes / 1000 ** step
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[step]}`
}

/** 84 -> `84 ms`, 1530 -> `1.5 s`, 95_000 -> `1 min 35 s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`
  const seconds = durationMs / 1000
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  return `${Math.floor(Math.round(seconds) / 60)} min ${Math.round(seconds) % 60} s`
}

/** 38.24 -> `38.2 tokens per second`. */
export function formatSpeed(speedTokensPerSecond: number): string {
  const digits = speedTokensPerSecond < 100 ? 1 : 0
  return `${speedTokensPerSecond.toFixed(digits)} tokens per second`
}

/** 1 -> `1 token`, 2 -> `2 tokens`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** 6_649_286_656 -> `6.6B`, 134_515_008 -> `135M`: as names of models say it. */
export function formatParameters(parameters: number): string {
  if (parameters >= 99.5e9) return `${Math.round(parameters / 1e9)}B`
  if (parameters >= 0.9995e9) return `${(parameters / 1e9).toFixed(1)}B`
  return `${Math.round(parameters / 1e6)}M`
}

/** 2048 -> `2,048`. */
export function formatNumber(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** 1_000_000_000_000 -> `1 trillion`, 300_000_000_000 -> `300 billion`. */
export function formatLarge(value: number): string {
  const [unit, name] = value >= 1e12 ? [1e12, 'trillion'] : value >= 1e9 ? [1e9, 'billion'] : [1e6, 'million']
  return `${Number((value / (unit as number)).toPrecision(3))} ${name}`
}
