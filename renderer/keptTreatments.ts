// How models with a disputed template are treated, in the page's own storage (see keptTheme.ts). Storage may be refused or hold anything.
import type { Treatment } from './state/treatment.ts'

const name = 'hearth.treatments'

export function readTreatments(storage: Pick<Storage, 'getItem'>): Readonly<Record<string, Treatment>> {
  try {
    const kept: unknown = JSON.parse(storage.getItem(name) ?? '{}')
    const entries = Object.entries(kept ?? {}).filter(([, value]) => value === 'base' || value === 'chat')
    return Object.fromEntries(entries)
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
