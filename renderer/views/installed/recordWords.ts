// What is known of an installed model, in words.
import type { ModelRecord } from '../../../shared/modelRecord.ts'
import { factText } from '../../words/facts.ts'
import { bytesText, dateText } from '../../words/units.ts'
import { t } from '../../words/words.ts'

export function originText({ origin }: ModelRecord, provenance: string): string {
  if (origin === null) return factText(provenance)
  const { kind, repository, commit } = origin
  const words = t(`installed.origins.${kind}`, { repository })
  return commit === '' ? words : t('installed.atCommit', { origin: words, commit: commit.slice(0, 12) })
}

export function sizeText({ sizeBytes, ownBytes, place }: ModelRecord): string {
  const size = bytesText(sizeBytes)
  if (place === 'bundled') return t('installed.sizeBundled', { size })
  if (ownBytes === sizeBytes) return t('installed.sizeOwn', { size })
  return t('installed.sizeShared', { size, own: bytesText(ownBytes) })
}

/** A date as the language writes it; `never` for null. */
export function whenText(timeMs: number | null): string {
  return timeMs === null ? t('installed.never') : dateText(timeMs)
}

/** How far the measured value is from the predicted one: `3 % more`. */
export function differenceText(measured: number, predicted: number): string {
  const percent = Math.round((measured / predicted - 1) * 100)
  if (percent === 0) return t('installed.asPredicted')
  return t(percent > 0 ? 'installed.more' : 'installed.less', { percent: Math.abs(percent) })
}
