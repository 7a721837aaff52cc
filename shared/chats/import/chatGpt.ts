// conversations.json as ChatGPT exports it: each conversation is a mapping of nodes that know their parent. Edits and other answers are branches there too, so
// the tree stays as it is; nodes that say nothing to a person (null, system, tools, hidden context) are bridged. `parent` decides; `children` gives the
// order. A run of answers with nothing between them (text, tool, text) is one answer here.
import { plainLine } from '../export/plainLine.ts'
import { type Message, type Skipped, usualChatSettings, type Writer } from '../types.ts'
import { type SaidBy, saidIn } from './chatGptContent.ts'
import { isRecord, limits, longText, type OneRead } from './imported.ts'
import { childrenOf, endBelow, nearestKept, parentsFirst, withoutCircles } from './tree.ts'

interface Kept {
  readonly id: string
  readonly parentId: string | null
  readonly role: 'user' | 'assistant'
  readonly text: string
  readonly timeMs: number | null
  readonly model: string
}

export function isChatGptChat(value: unknown): boolean {
  return isRecord(value) && isRecord(value.mapping)
}

export function readChatGptChat(value: unknown, place: number): OneRead {
  if (!isRecord(value) || !isRecord(value.mapping))
    return refused({ kind: 'chat', chat: { title: '', place }, reason: 'no-chat' })
  const title = plainLine(typeof value.title === 'string' ? value.title : '', limits.titleCharacters)
  const nodes = new Map(Object.entries(value.mapping).slice(0, limits.nodes))
  const said = new Map<string, Kept>()
  let systemText: string | null = null
  for (const [id, node] of nodes) {
    if (!isRecord(node)) continue
    const message = saidIn(node.message)
    if (message === null) continue
    if (message.by === 'system') systemText ??= longText(message.text)
    else said.set(id, keptOf(id, node.message, message.by, longText(message.text)))
  }
  const kept = linked(nodes, said)
  if (kept.length === 0) return refused({ kind: 'chat', chat: { title, place }, reason: 'no-text' })
  const { joined, became } = withJoinedAnswers(kept)
  if (joined.length > limits.messages)
    return refused({ kind: 'too-many-messages', chat: { title, place }, most: limits.messages })
  const chatId = crypto.randomUUID()
  const ids = new Map(joined.map(({ id }) => [id, crypto.randomUUID()]))
  const createdAtMs = timeMs(value.create_time) ?? joined.find((node) => node.timeMs !== null)?.timeMs ?? Date.now()
  const updatedAtMs = timeMs(value.update_time) ?? createdAtMs
  const messages = messagesOf(joined, ids, chatId, createdAtMs)
  const nearest = nearestKept(parentIn(nodes), (id) => said.has(id))
  const current = typeof value.current_node === 'string' ? nearest(value.current_node) : null
  const leaf = endBelow(joined, current === null ? null : (became.get(current) ?? current))
  return {
    chat: {
      chat: {
        id: chatId,
        title,
        folderId: null,
        isPinned: value.is_starred === true,
        createdAtMs,
        updatedAtMs,
        leafId: (leaf === null ? null : ids.get(leaf)) ?? null,
        draft: { text: '', input: '' },
        settings: { ...usualChatSettings, systemText },
      },
      messages,
      records: [],
    },
    skipped: [],
  }
}

function refused(reason: Skipped): OneRead {
  return { chat: null, skipped: [reason] }
}

function keptOf(id: string, message: unknown, role: Exclude<SaidBy, 'system'>, text: string): Kept {
  const metadata = isRecord(message) && isRecord(message.metadata) ? message.metadata : {}
  const model = typeof metadata.model_slug === 'string' ? plainLine(metadata.model_slug, 100) : ''
  return { id, parentId: null, role, text, timeMs: isRecord(message) ? timeMs(message.create_time) : null, model }
}

function parentIn(nodes: ReadonlyMap<string, unknown>): (id: string) => string | null {
  return (id) => {
    const node = nodes.get(id)
    return isRecord(node) && typeof node.parent === 'string' ? node.parent : null
  }
}

/** What is kept, each on the nearest that is kept, brothers in the order of the lists of children; those in no list come last. */
function linked(nodes: ReadonlyMap<string, unknown>, said: ReadonlyMap<string, Kept>): readonly Kept[] {
  const parentOf = parentIn(nodes)
  const nearest = nearestKept(parentOf, (id) => said.has(id))
  const place = new Map<string, number>()
  for (const node of nodes.values()) {
    if (!isRecord(node) || !Array.isArray(node.children)) continue
    for (const child of node.children) if (typeof child === 'string' && !place.has(child)) place.set(child, place.size)
  }
  const kept = [...said.values()].map((node) => ({ ...node, parentId: nearest(parentOf(node.id)) }))
  const order = ({ id }: Kept) => place.get(id) ?? place.size
  return parentsFirst(withoutCircles(kept.toSorted((one, other) => order(one) - order(other))))
}

/** `became`: for an answer that was joined, the one it is part of. */
function withJoinedAnswers(kept: readonly Kept[]): { joined: readonly Kept[]; became: ReadonlyMap<string, string> } {
  const children = childrenOf(kept)
  const joined: Kept[] = []
  const became = new Map<string, string>()
  for (const node of kept) {
    if (became.has(node.id)) continue
    const run = [node]
    for (let last = node; ; ) {
      const [only, other] = children.get(last.id) ?? []
      if (last.role !== 'assistant' || only?.role !== 'assistant' || other !== undefined) break
      run.push(only)
      last = only
    }
    for (const { id } of run) became.set(id, node.id)
    joined.push({ ...node, text: longText(run.map(({ text }) => text).join('\n\n')) })
  }
  return { joined: joined.map((node) => ({ ...node, parentId: became.get(node.parentId ?? '') ?? null })), became }
}

function messagesOf(
  nodes: readonly Kept[],
  ids: ReadonlyMap<string, string>,
  chatId: string,
  chatTimeMs: number,
): readonly Message[] {
  const times = new Map<string, number>()
  return nodes.map(({ id, parentId, role, text, timeMs: own, model }): Message => {
    const createdAtMs = own ?? times.get(parentId ?? '') ?? chatTimeMs
    times.set(id, createdAtMs)
    return {
      id: ids.get(id) ?? id,
      chatId,
      parentId: (parentId === null ? null : ids.get(parentId)) ?? null,
      role,
      text,
      input: '',
      written: [],
      scaffold: null,
      state: 'done',
      createdAtMs,
      writer: role === 'assistant' ? writerOf(model) : null,
      figures: null,
      finish: null,
      seed: null,
    }
  })
}

/** A model that is nowhere here: its key is none that a model can have. */
function writerOf(model: string): Writer {
  return { key: '0'.repeat(64), id: model, title: model || 'ChatGPT', family: 'ChatGPT', variant: 'chat' }
}

/** Seconds, with a fraction, as the export has them. */
function timeMs(seconds: unknown): number | null {
  if (typeof seconds !== 'number' || !(seconds > 0 && seconds < 8e12)) return null
  return Math.round(seconds * 1000)
}
