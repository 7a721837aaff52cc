// Numbers with units in the language of the window; shared/units.ts says the same in English, for the command line. Decimal units, as there.
import { spokenLanguage, t } from './words.ts'

/** English as it is written in the United States: numbers then look as they do on the command line. */
const locales = { en: 'en-US', de: 'de-DE' } as const

/** Of the language in use, for Intl. */
export function locale(): string {
  return locales[spokenLanguage()]
}

const formats = new Map<string, Intl.NumberFormat>()

/** With exactly so many digits behind the point; grouped only where asked for. */
function fixed(value: number, digits: number, useGrouping = false): string {
  const key = `${locale()} ${digits} ${useGrouping}`
  const known = formats.get(key)
  const format =
    known ??
    new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping })
  if (known === undefined) formats.set(key, format)
  return format.format(value)
}

/** 8_600_000 -> `8.6 MB`, in German `8,6 MB`. */
export function bytesText(sizeBytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, sizeBytes)) / 3)))
  const value = sizeBytes / 1000 ** step
  return `${fixed(value, step === 0 || value >= 100 ? 0 : 1)} ${units[step]}`
}

export function bytesOf(doneBytes: number, totalBytes: number): string {
  return t('units.of', { part: bytesText(doneBytes), whole: bytesText(totalBytes) })
}

export function bytesPerSecond(speedBytesPerSecond: number): string {
  return t('units.perSecond', { amount: bytesText(speedBytesPerSecond) })
}

/** 84 -> `84 ms`, 1530 -> `1.5 s`, 95_000 -> `1 min 35 s`. */
export function durationText(durationMs: number): string {
  if (durationMs < 1000) return `${fixed(durationMs, 0)} ms`
  const seconds = durationMs / 1000
  if (seconds < 59.95) return `${fixed(seconds, 1)} s`
  return `${Math.floor(Math.round(seconds) / 60)} min ${Math.round(seconds) % 60} s`
}

/** 38.24 -> `38.2 tokens per second`. */
export function speedText(speedTokensPerSecond: number): string {
  return t('units.speed', { speed: fixed(speedTokensPerSecond, speedTokensPerSecond < 100 ? 1 : 0) })
}

/** 6_649_286_656 -> `6.6B`, 134_515_008 -> `135M`: as names of models say it, in every language. */
export { formatParameters as parametersText } from '../../shared/units.ts'

/** 2048 -> `2,048`, in German `2.048`. */
export function numberText(value: number): string {
  return fixed(value, 0, true)
}

/** 2.5 -> `2.5`, in German `2,5`. */
export function decimalText(value: number, digits: number): string {
  return fixed(value, digits)
}

/** 0.314 -> `31 %`: never more than is done. */
export function percentText(fraction: number): string {
  return `${Math.floor(fraction * 100)} %`
}

/** 1_000_000_000_000 -> `1 trillion`, 300_000_000_000 -> `300 billion`. */
export function largeText(value: number): string {
  const [unit, key] =
    value >= 1e12
      ? ([1e12, 'units.trillion'] as const)
      : value >= 1e9
        ? ([1e9, 'units.billion'] as const)
        : ([1e6, 'units.million'] as const)
  const count = Number((value / unit).toPrecision(3))
  return t(key, { count, number: new Intl.NumberFormat(locale()).format(count) })
}

/** Of a moment, as the language writes it. */
export function dateText(timeMs: number, style: 'medium' | 'short' = 'medium'): string {
  const timeStyle = style === 'medium' ? 'short' : 'medium'
  return new Intl.DateTimeFormat(locale(), { dateStyle: style, timeStyle }).format(timeMs)
}

/** A day, as short as the language writes it. */
export function dayText(timeMs: number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'short' }).format(timeMs)
}
