// The tree of a chat's messages: each knows its parent. What is seen is one path from a first message to the leaf; siblings are versions of each other.
import type { Message } from './types.ts'

export type Messages = ReadonlyMap<string, Message>

/** From the first message to the leaf. A leaf that is not there, or a ring that a damaged file made, ends the path. */
export function pathTo(messages: Messages, leafId: string | null): readonly Message[] {
  const path: Message[] = []
  const seen = new Set<string>()
  let at = leafId === null ? undefined : messages.get(leafId)
  while (at !== undefined && !seen.has(at.id)) {
    seen.add(at.id)
    path.push(at)
    at = at.parentId === null ? undefined : messages.get(at.parentId)
  }
  return path.reverse()
}

/** Oldest first; those of one time in the order in which they came. */
export function childrenOf(messages: Messages, parentId: string | null): readonly Message[] {
  return [...messages.values()]
    .filter((message) => message.parentId === parentId)
    .toSorted((a, b) => a.createdAtMs - b.createdAtMs)
}

/** The message and its siblings, oldest first; nothing for a message that is not there. */
export function versionsOf(messages: Messages, id: string): readonly Message[] {
  const message = messages.get(id)
  return message === undefined ? [] : childrenOf(messages, message.parentId)
}

/** The end of the branch that is shown when a version is chosen: the newest message of those that hang on it and have nothing behind them. */
export function newestLeaf(messages: Messages, id: string): string {
  const children = byParent(messages)
  let newest: Message | undefined
  const open = [id]
  while (open.length > 0) {
    const at = open.pop() ?? id
    const behind = children.get(at) ?? []
    const message = messages.get(at)
    if (behind.length === 0 && message !== undefined && isNewer(message, newest)) newest = message
    for (const child of behind) open.push(child.id)
  }
  return newest?.id ?? id
}

/** A message with everything that hangs on it, parents first. */
export function subtree(messages: Messages, id: string): readonly Message[] {
  const root = messages.get(id)
  if (root === undefined) return []
  const children = byParent(messages)
  const found = [root]
  for (let index = 0; index < found.length; index++) found.push(...(children.get(found[index]?.id ?? '') ?? []))
  return found
}

function byParent(messages: Messages): ReadonlyMap<string, readonly Message[]> {
  const children = new Map<string, Message[]>()
  for (const message of messages.values()) {
    if (message.parentId === null) continue
    const known = children.get(message.parentId)
    if (known === undefined) children.set(message.parentId, [message])
    else known.push(message)
  }
  return children
}

function isNewer(message: Message, than: Message | undefined): boolean {
  return than === undefined || message.createdAtMs >= than.createdAtMs
}
