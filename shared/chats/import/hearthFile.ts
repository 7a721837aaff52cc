// Hearth's own file (export/json.ts). What makes a message (who, what, where it hangs) has to be right; the rest falls back to what is usual.
import { z } from 'zod'
import { fileFormat, fileVersion } from '../export/json.ts'
import { plainLine } from '../export/plainLine.ts'
import { answerRecord, chatSettings, type Message, message, type Skipped, usualChatSettings } from '../types.ts'
import { isRecord, limits, longText, type OneRead } from './imported.ts'
import { endBelow, nearestKept, parentsFirst, withoutCircles } from './tree.ts'

const { shape } = message
const time = shape.createdAtMs

const messageInFile = z.object({
  id: z.string().min(1).max(200),
  parentId: z.string().nullable().catch(null),
  role: shape.role,
  text: z.string(),
  input: shape.input.catch(''),
  written: shape.written.catch([]),
  scaffold: shape.scaffold.catch(null),
  state: shape.state.catch('done'),
  createdAtMs: time.nullable().catch(null),
  writer: shape.writer.catch(null),
  figures: shape.figures.catch(null),
  finish: shape.finish.catch(null),
  seed: shape.seed.catch(null),
})
type MessageInFile = z.infer<typeof messageInFile>

const chatInFile = z.object({
  title: z.string().catch(''),
  isPinned: z.boolean().catch(false),
  createdAtMs: time.nullable().catch(null),
  updatedAtMs: time.nullable().catch(null),
  leafId: z.string().nullable().catch(null),
  settings: chatSettings.catch(usualChatSettings),
  messages: z.array(z.unknown()).max(limits.nodes),
  records: z.array(z.unknown()).catch([]),
})

export function isHearthFile(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && value.format === fileFormat
}

type FileProblem = Extract<Skipped, { readonly kind: 'file' }>['reason']

/** What is wrong with the file as a whole; null: nothing. */
export function fileProblem(file: Readonly<Record<string, unknown>>): FileProblem | null {
  if (typeof file.version !== 'number') return 'without-version'
  if (file.version > fileVersion) return 'newer'
  return Array.isArray(file.chats) ? null : 'without-list'
}

export function readHearthChat(value: unknown, place: number): OneRead {
  const read = chatInFile.safeParse(value)
  if (!read.success) return refused({ kind: 'chat', chat: { title: '', place }, reason: 'no-chat' })
  const { messages: values, records, leafId, settings, isPinned } = read.data
  const title = plainLine(read.data.title, limits.titleCharacters)
  const { nodes, broken } = nodesOf(values)
  const named = { title, place }
  if (nodes.length === 0 && values.length > 0) return refused({ kind: 'chat', chat: named, reason: 'not-readable' })
  if (nodes.length > limits.messages) return refused({ kind: 'too-many-messages', chat: named, most: limits.messages })
  const chatId = crypto.randomUUID()
  const ids = new Map(nodes.map((node) => [node.id, crypto.randomUUID()]))
  const createdAtMs = read.data.createdAtMs ?? nodes[0]?.createdAtMs ?? Date.now()
  const leaf = leafId !== null && ids.has(leafId) ? leafId : endBelow(nodes, null)
  return {
    chat: {
      chat: {
        id: chatId,
        title,
        folderId: null,
        isPinned,
        createdAtMs,
        updatedAtMs: read.data.updatedAtMs ?? createdAtMs,
        leafId: (leaf === null ? null : ids.get(leaf)) ?? null,
        draft: { text: '', input: '' },
        settings,
      },
      messages: nodes.map((node) => messageOf(node, ids, chatId, createdAtMs)),
      records: recordsOf(records, ids),
    },
    skipped: broken === 0 ? [] : [{ kind: 'messages', chat: named, count: broken }],
  }
}

function refused(reason: Skipped): OneRead {
  return { chat: null, skipped: [reason] }
}

/** Messages that can be read, on the nearest one above that can. A second message of the same id is none. */
function nodesOf(values: readonly unknown[]): { nodes: readonly MessageInFile[]; broken: number } {
  const nodes = new Map<string, MessageInFile>()
  const parents = new Map<string, string | null>()
  for (const value of values) {
    const read = messageInFile.safeParse(value)
    if (read.success && !nodes.has(read.data.id)) nodes.set(read.data.id, read.data)
    if (isRecord(value) && typeof value.id === 'string' && !parents.has(value.id))
      parents.set(value.id, typeof value.parentId === 'string' ? value.parentId : null)
  }
  const nearest = nearestKept(
    (id) => parents.get(id) ?? null,
    (id) => nodes.has(id),
  )
  const kept = [...nodes.values()].map((node) => ({ ...node, parentId: nearest(node.parentId) }))
  return { nodes: parentsFirst(withoutCircles(kept)), broken: values.length - kept.length }
}

function messageOf(node: MessageInFile, ids: ReadonlyMap<string, string>, chatId: string, chatTimeMs: number): Message {
  const text = longText(node.text)
  return {
    ...node,
    id: ids.get(node.id) ?? node.id,
    chatId,
    parentId: (node.parentId === null ? null : ids.get(node.parentId)) ?? null,
    text,
    written: node.written.filter(({ start, end }) => start < end && end <= text.length),
    scaffold: node.role === 'document' ? (node.scaffold ?? 'plain') : null,
    state: node.state === 'streaming' ? 'interrupted' : node.state,
    createdAtMs: node.createdAtMs ?? chatTimeMs,
  }
}

function recordsOf(values: readonly unknown[], ids: ReadonlyMap<string, string>) {
  const records = new Map(
    values.flatMap((value) => {
      const id = isRecord(value) && typeof value.messageId === 'string' ? ids.get(value.messageId) : undefined
      if (id === undefined || !isRecord(value)) return []
      const read = answerRecord.safeParse({ ...value, messageId: id })
      return read.success ? [[id, read.data] as const] : []
    }),
  )
  return [...records.values()]
}
