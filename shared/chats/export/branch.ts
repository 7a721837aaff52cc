// The branch of a chat that is seen: from its end up to its first message. Whatever the messages claim of their parents, it ends.
import type { Message } from '../types.ts'

export function branchOf(messages: readonly Message[], leafId: string | null): readonly Message[] {
  const known = new Map(messages.map((message) => [message.id, message]))
  const path: Message[] = []
  let next = leafId
  while (next !== null) {
    const message = known.get(next)
    if (message === undefined) break
    known.delete(next)
    path.push(message)
    next = message.parentId
  }
  return path.reverse()
}
