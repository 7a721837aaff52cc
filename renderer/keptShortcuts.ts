// The keys that a person chose, in the page's own storage. Storage may be refused or hold anything: what makes no sense is left out.
import { z } from 'zod'
import type { ChangedShortcuts } from './state/shortcuts.ts'

const key = 'hearth.shortcuts'

const shortcut = z.object({
  key: z.string().min(1).max(30),
  mod: z.boolean().exactOptional(),
  shift: z.boolean().exactOptional(),
  alt: z.boolean().exactOptional(),
})
const one = z.tuple([z.string().max(100), shortcut.nullable()])

export function readShortcuts(storage: Pick<Storage, 'getItem'>): ChangedShortcuts {
  try {
    const kept: unknown = JSON.parse(storage.getItem(key) ?? '{}')
    const entries = Object.entries(z.record(z.string(), z.unknown()).parse(kept))
    return Object.fromEntries(entries.map((entry) => one.safeParse(entry).data).filter((entry) => entry !== undefined))
  } catch {
    return {}
  }
}

export function keepShortcuts(storage: Pick<Storage, 'setItem'>, changed: ChangedShortcuts): void {
  try {
    storage.setItem(key, JSON.stringify(changed))
  } catch {
    // They are chosen anew next time.
  }
}
