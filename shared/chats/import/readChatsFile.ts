// A file of chats: conversations.json of ChatGPT, or Hearth's own. Whatever the file holds, this gives chats and what was left out, and never throws. Every chat and
// message gets a new id, so that a file can be taken in twice and touches nothing that is there.

import type { Skipped } from '../types.ts'
import { isChatGptChat, readChatGptChat } from './chatGpt.ts'
import { fileProblem, isHearthFile, readHearthChat } from './hearthFile.ts'
import { type ImportedChat, limits, type OneRead, type ReadChats } from './imported.ts'

export function readChatsFile(text: string): ReadChats {
  if (text.length > limits.fileCharacters) return nothing('too-large')
  const value = parsed(text)
  if (value === undefined) return nothing('not-json')
  if (isHearthFile(value)) {
    const problem = fileProblem(value)
    return problem === null && Array.isArray(value.chats)
      ? readAll(value.chats, readHearthChat)
      : nothing(problem ?? 'without-list')
  }
  if (isChatGptChat(value)) return readAll([value], readChatGptChat)
  if (Array.isArray(value) && value.some(isChatGptChat)) return readAll(value, readChatGptChat)
  if (Array.isArray(value) && value.length === 0) return nothing('empty')
  return nothing('not-known')
}

function readAll(values: readonly unknown[], read: (value: unknown, place: number) => OneRead): ReadChats {
  const chats: ImportedChat[] = []
  const skipped: Skipped[] = []
  for (const [index, value] of values.slice(0, limits.chats).entries()) {
    const one = read(value, index + 1)
    if (one.chat !== null) chats.push(one.chat)
    skipped.push(...one.skipped)
  }
  if (values.length > limits.chats) skipped.push({ kind: 'more-chats', taken: limits.chats, found: values.length })
  if (values.length === 0) skipped.push({ kind: 'file', reason: 'empty' })
  return { chats, skipped: shortened(skipped) }
}

function shortened(skipped: readonly Skipped[]): readonly Skipped[] {
  if (skipped.length <= limits.skipped) return skipped
  const shown = limits.skipped - 1
  return [...skipped.slice(0, shown), { kind: 'more', count: skipped.length - shown }]
}

function nothing(reason: Extract<Skipped, { readonly kind: 'file' }>['reason']): ReadChats {
  return { chats: [], skipped: [{ kind: 'file', reason }] }
}

/** undefined: no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}
