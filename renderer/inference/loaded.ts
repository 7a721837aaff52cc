// The loaded models in the order of their use, and which of them leave so that the rest fits into a budget: those used longest ago.
import type { Session } from './session.ts'

type Held = Pick<Session, 'model' | 'memoryBytes'>

export interface Loaded<S extends Held> {
  /** The one used last first. */
  all(): readonly S[]
  find(key: string): S | null
  /** As `find`, and it counts as used now. */
  use(key: string): S | null
  /** Counts as used now. */
  add(session: S): void
  remove(session: S): void
  /** Which have to leave so that the others take at most `budgetBytes`; never `kept`. */
  leaving(budgetBytes: number, kept?: S): readonly S[]
}

export function openLoaded<S extends Held = Session>(): Loaded<S> {
  let sessions: readonly S[] = []
  const find = (key: string) => sessions.find(({ model }) => model.key === key) ?? null
  const remove = (session: S) => {
    sessions = sessions.filter((other) => other !== session)
  }
  const add = (session: S) => {
    sessions = [session, ...sessions.filter((other) => other !== session)]
  }
  return {
    all: () => sessions,
    find,
    use(key) {
      const session = find(key)
      if (session !== null) add(session)
      return session
    },
    add,
    remove,
    leaving(budgetBytes, kept) {
      let heldBytes = sessions.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0)
      return sessions.toReversed().filter((session) => {
        if (heldBytes <= budgetBytes || session === kept) return false
        heldBytes -= session.memoryBytes
        return true
      })
    },
  }
}
