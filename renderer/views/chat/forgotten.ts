import type { ContextUse } from '../../state/chats/api.ts'

/** One set for each use of the context: every message that is seen asks, with every change of the store. */
const sets = new WeakMap<readonly string[], ReadonlySet<string>>()

/** The message is left out of what the model would read. */
export function isForgottenIn(context: ContextUse | null, id: string): boolean {
  if (context === null || context.forgotten.length === 0) return false
  let known = sets.get(context.forgotten)
  if (known === undefined) {
    known = new Set(context.forgotten)
    sets.set(context.forgotten, known)
  }
  return known.has(id)
}
