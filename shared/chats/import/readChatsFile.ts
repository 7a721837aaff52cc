// A file of chats: conversations.json of ChatGPT, or Hearth's own. Whatever the file holds, this gives chats and sentences, and never throws. Every chat and
// message gets a new id, so that a file can be taken in twice and touches nothing that is there.
import { isChatGptChat, readChatGptChat } from './chatGpt.ts'
import { fileProblem, isHearthFile, readHearthChat } from './hearthFile.ts'
import { type ImportedChat, limits, type OneRead, type ReadChats } from './imported.ts'

export function readChatsFile(text: string): ReadChats {
  if (text.length > limits.fileCharacters) return nothing('The file is too large.')
  const value = parsed(text)
  if (value === undefined) return nothing('The file is not JSON, or it is cut off.')
  if (isHearthFile(value)) {
    const problem = fileProblem(value)
    return problem === null && Array.isArray(value.chats)
      ? readAll(value.chats, readHearthChat)
      : nothing(problem ?? '')
  }
  if (isChatGptChat(value)) return readAll([value], readChatGptChat)
  if (Array.isArray(value) && value.some(isChatGptChat)) return readAll(value, readChatGptChat)
  if (Array.isArray(value) && value.length === 0) return nothing('The file holds no chats.')
  return nothing('The file is neither conversations.json of ChatGPT nor a file of chats from Hearth.')
}

function readAll(values: readonly unknown[], read: (value: unknown, place: string) => OneRead): ReadChats {
  const chats: ImportedChat[] = []
  const skipped: string[] = []
  for (const [index, value] of values.slice(0, limits.chats).entries()) {
    const one = read(value, `Conversation ${index + 1}`)
    if (one.chat !== null) chats.push(one.chat)
    skipped.push(...one.skipped)
  }
  if (values.length > limits.chats) skipped.push(`Only the first ${limits.chats} of ${values.length} chats were taken.`)
  if (values.length === 0) skipped.push('The file holds no chats.')
  return { chats, skipped: shortened(skipped) }
}

function shortened(sentences: readonly string[]): readonly string[] {
  if (sentences.length <= limits.sentences) return sentences
  const shown = limits.sentences - 1
  return [...sentences.slice(0, shown), `And ${sentences.length - shown} more.`]
}

function nothing(sentence: string): ReadChats {
  return { chats: [], skipped: [sentence] }
}

/** undefined: no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}
