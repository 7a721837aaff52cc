// Neighbours of one role, such as a document and the question about it, are forgotten one by one and sent as one turn: models were tuned on roles that alternate.
import type { Turn } from './renderTurns.ts'

/** As they are sent. */
export function joinTurns(turns: readonly Turn[]): readonly Turn[] {
  const joined: Turn[] = []
  for (const { role, text } of turns) {
    const last = joined.at(-1)
    if (last?.role === role) joined[joined.length - 1] = { role, text: `${last.text}\n\n${text}` }
    else joined.push({ role, text })
  }
  return joined
}

/** The parts of the last turn. */
export function lastTurn<T extends Turn>(turns: readonly T[]): readonly T[] {
  const other = turns.findLastIndex(({ role }) => role !== turns.at(-1)?.role)
  return turns.slice(other + 1)
}
