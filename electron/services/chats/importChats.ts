// Chats out of a file that a person chose. Everything in it gets new ids, so that no file can replace a chat; each chat is one transaction.
import { randomUUID } from 'node:crypto'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Chat, chat, type ImportResult, type Message, message } from '../../../shared/chats/types.ts'
import { ServiceError } from '../serviceError.ts'

export interface ReadChats {
  readonly chats: readonly { readonly chat: Chat; readonly messages: readonly Message[] }[]
  readonly skipped: readonly string[]
}
/** Throws for a text that holds no chats. */
export type ReadChatsFile = (text: string) => ReadChats

/** An export of years of conversations is some hundred megabytes; V8 holds no text of more than 512 MB. */
export const largestFileBytes = 300 * 2 ** 20
const [mostSkipped, mostMessages] = [20, 20_000]

export async function importChats(
  path: string,
  readChatsFile: ReadChatsFile,
  create: (chat: Chat, messages: readonly Message[]) => void,
): Promise<ImportResult> {
  const refuse = (detail: string, cause?: unknown) =>
    new ServiceError({ code: 'no-chats-in-file', file: basename(path), detail }, { cause })
  const text = await readText(path).catch((cause: NodeJS.ErrnoException) => {
    throw refuse(`it cannot be read (${cause.code ?? 'unknown reason'})`, cause)
  })
  if (text === null) throw refuse(`it is larger than ${largestFileBytes / 2 ** 20} MB, or no file`)
  let read: ReadChats
  try {
    read = readChatsFile(text)
  } catch (cause) {
    throw refuse(cause instanceof Error ? cause.message.slice(0, 200) : 'it is not understood', cause)
  }
  const skipped = [...read.skipped]
  let [chats, messages] = [0, 0]
  for (const found of read.chats) {
    const fresh = withNewIds(found.chat, found.messages)
    if (fresh === null) {
      skipped.push(`“${String(found.chat.title).slice(0, 80)}”: its messages do not fit together`)
      continue
    }
    create(fresh.chat, fresh.messages)
    chats++
    messages += fresh.messages.length
  }
  return { chats, messages, skipped: skipped.slice(0, mostSkipped) }
}

async function readText(path: string): Promise<string | null> {
  await using file = await open(path, 'r')
  const stat = await file.stat()
  if (!stat.isFile() || stat.size > largestFileBytes) return null
  return await file.readFile('utf8')
}

/** null where what was read is no chat that the window could have made. */
function withNewIds(
  from: Chat,
  all: readonly Message[],
): { readonly chat: Chat; readonly messages: readonly Message[] } | null {
  const ids = new Map(all.map(({ id }) => [id, randomUUID() as string]))
  const chatId = randomUUID()
  const renamed = all.map((one) => {
    const parentId = one.parentId === null ? null : ids.get(one.parentId)
    const state = one.state === 'streaming' ? 'interrupted' : one.state
    return message.safeParse({ ...one, id: ids.get(one.id), chatId, parentId, state })
  })
  const leafId = (from.leafId !== null && ids.get(from.leafId)) || null
  const decoded = chat.safeParse({ ...from, id: chatId, folderId: null, leafId })
  const messages = renamed.flatMap(({ data }) => data ?? [])
  const isWhole = messages.length === all.length && ids.size === all.length && all.length <= mostMessages
  return decoded.success && isWhole ? { chat: decoded.data, messages } : null
}
