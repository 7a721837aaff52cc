// What is known of an installed model, in words.

import type { Variant } from '../../../shared/model.ts'
import type { ModelRecord } from '../../../shared/modelRecord.ts'
import { formatBytes } from '../../../shared/units.ts'

export const kindWords = {
  base: 'base: continues text',
  instruct: 'instruct: follows one instruction',
  chat: 'chat: takes turns',
} as const satisfies Record<Variant, string>

const placeWords = {
  bundled: 'part of Hearth',
  store: 'the models folder',
  folder: 'a folder of its own in the models folder',
  'in-place': 'read in place; its weights belong to another program',
} as const satisfies Record<ModelRecord['place'], string>

const originWords = {
  checkpoint: 'compiled here from',
  ready: 'ready-made weights of',
  folder: 'from the folder',
} as const

export function placeText({ place }: ModelRecord): string {
  return placeWords[place]
}

export function originText({ origin }: ModelRecord, provenance: string): string {
  if (origin === null) return provenance
  const commit = origin.commit === '' ? '' : ` at ${origin.commit.slice(0, 12)}`
  return `${originWords[origin.kind]} ${origin.repository}${commit}`
}

export function sizeText({ sizeBytes, ownBytes, place }: ModelRecord): string {
  if (place === 'bundled') return `${formatBytes(sizeBytes)}, part of the app`
  if (ownBytes === sizeBytes) return `${formatBytes(sizeBytes)}, all of it its own`
  return `${formatBytes(sizeBytes)}; deleting it frees ${formatBytes(ownBytes)}`
}

const dates = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** A date as this computer writes it; `never` for null. */
export function dateText(timeMs: number | null): string {
  return timeMs === null ? 'never' : dates.format(timeMs)
}

/** How far the measured value is from the predicted one: `3 % more`. */
export function differenceText(measured: number, predicted: number): string {
  const percent = Math.round((measured / predicted - 1) * 100)
  if (percent === 0) return 'as predicted'
  return percent > 0 ? `${percent} % more` : `${-percent} % less`
}
