// How models with a disputed template are treated, in the page's own storage (see keptTheme.ts). Storage may be refused or hold anything.
import { z } from 'zod'
import type { Treatment } from './state/treatment.ts'

const name = 'hearth.treatments'
const kept = z.record(z.string(), z.enum(['base', 'chat']))

export function readTreatments(storage: Pick<Storage, 'getItem'>): Readonly<Record<string, Treatment>> {
  try {
    return kept.parse(JSON.parse(storage.getItem(name) ?? '{}'))
  } catch {
    return {}
  }
}

export function keepTreatments(
  storage: Pick<Storage, 'setItem'>,
  treatments: Readonly<Record<string, Treatment>>,
): void {
  try {
    storage.setItem(name, JSON.stringify(treatments))
  } catch {
    // They are chosen anew next time.
  }
}
