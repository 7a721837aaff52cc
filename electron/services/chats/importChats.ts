// Chats out of a file that a person chose. Everything in it gets new ids, so that no file can replace a chat; many chats are written at
// once, because each time the disk is waited for, and other requests are answered in between.
import { randomUUID } from 'node:crypto'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { answerRecord, chat, type ImportResult, message, type Skipped } from '../../../shared/chats/types.ts'
import type { NoChatsReason } from '../../../shared/problems.ts'
import { ServiceError } from '../serviceError.ts'
import type { WholeChat } from './chats.ts'

/** Never throws. */
export type ReadChatsFile = (text: string) => {
  readonly chats: readonly WholeChat[]
  readonly skipped: readonly Skipped[]
}

/** An export of years of conversations is some hundred megabytes; V8 holds no text of more than 512 MB. */
const largestFileBytes = 300_000_000
const [mostSkipped, mostMessages] = [20, 20_000] as const
/** Written at once: nobody else is answered meanwhile. */
const together = { chats: 100, messages: 1000 } as const

/** `take` writes chats, all or none. Rejects with ServiceError no-chats-in-file for a file that cannot be read. */
export async function importChats(
  path: string,
  readChatsFile: ReadChatsFile,
  take: (chats: readonly WholeChat[]) => void,
  signal: AbortSignal,
): Promise<ImportResult> {
  const read = readChatsFile(await readText(path, signal))
  const skipped: Skipped[] = [...read.skipped]
  let [chats, messages] = [0, 0]
  let waiting: WholeChat[] = []
  const takeWaiting = () => {
    if (waiting.length > 0) take(waiting)
    chats += waiting.length
    messages += messagesIn(waiting)
    waiting = []
  }
  for (const found of read.chats) {
    signal.throwIfAborted()
    await new Promise((resolve) => setImmediate(resolve))
    const fresh = withNewIds(found)
    if (fresh === null) {
      skipped.push({ kind: 'chat', chat: { title: found.chat.title.slice(0, 80), place: null }, reason: 'apart' })
      continue
    }
    waiting.push(fresh)
    if (waiting.length === together.chats || messagesIn(waiting) >= together.messages) takeWaiting()
  }
  takeWaiting()
  return { chats, messages, skipped: skipped.slice(0, mostSkipped) }
}

function messagesIn(chats: readonly WholeChat[]): number {
  return chats.reduce((sum, { messages }) => sum + messages.length, 0)
}

async function readText(path: string, signal: AbortSignal): Promise<string> {
  const refuse = (reason: NoChatsReason, cause?: unknown) =>
    new ServiceError({ code: 'no-chats-in-file', file: basename(path), reason }, { cause })
  try {
    await using file = await open(path, 'r')
    const stat = await file.stat()
    if (!stat.isFile()) throw refuse({ kind: 'no-file' })
    if (stat.size > largestFileBytes) throw refuse({ kind: 'too-large', mostBytes: largestFileBytes })
    return await file.readFile({ encoding: 'utf8', signal })
  } catch (cause) {
    if (cause instanceof ServiceError || signal.aborted) throw cause
    throw refuse({ kind: 'not-readable', cause: (cause as NodeJS.ErrnoException).code ?? 'unknown reason' }, cause)
  }
}

/** null where what was read is no chat that the window could have made. */
function withNewIds(from: WholeChat): WholeChat | null {
  const ids = new Map(from.messages.map(({ id }) => [id, randomUUID() as string]))
  const chatId = randomUUID()
  const renamed = from.messages.map((one) => {
    const parentId = one.parentId === null ? null : ids.get(one.parentId)
    const state = one.state === 'streaming' ? 'interrupted' : one.state
    return message.safeParse({ ...one, id: ids.get(one.id), chatId, parentId, state })
  })
  const leafId = (from.chat.leafId !== null && ids.get(from.chat.leafId)) || null
  const decoded = chat.safeParse({ ...from.chat, id: chatId, folderId: null, leafId })
  const messages = renamed.flatMap(({ data }) => data ?? [])
  const records = from.records.flatMap(
    (record) => answerRecord.safeParse({ ...record, messageId: ids.get(record.messageId) }).data ?? [],
  )
  const isWhole = messages.length === from.messages.length && ids.size === from.messages.length
  return decoded.success && isWhole && messages.length <= mostMessages
    ? { chat: decoded.data, messages, records }
    : null
}
