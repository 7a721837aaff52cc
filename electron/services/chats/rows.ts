// Between rows of the chats' database and what crosses to the window.
import type { Chat, Message } from '../../../shared/chats/types.ts'
import { signsPart } from './signs.ts'
import { soughtPart } from './words.ts'

type Row = Readonly<Record<string, unknown>>
type Value = string | number | null

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))
const read = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : null)
const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)

/** The chat's own columns, in the order of `chatColumns`. */
export function chatValues(chat: Chat): readonly Value[] {
  const { id, title, folderId, isPinned, createdAtMs, updatedAtMs, leafId, draft, settings } = chat
  const written = [JSON.stringify(draft), JSON.stringify(settings)]
  return [id, kept(title), folderId, isPinned ? 1 : 0, createdAtMs, updatedAtMs, leafId, ...written]
}

export const chatColumns =
  'id, title, folder_id, is_pinned, created_at_ms, updated_at_ms, leaf_id, draft, settings' as const

export function chatOf(row: Row): Chat {
  return {
    id: String(row.id),
    title: String(row.title),
    folderId: text(row.folder_id),
    isPinned: row.is_pinned === 1,
    createdAtMs: Number(row.created_at_ms),
    updatedAtMs: Number(row.updated_at_ms),
    leafId: text(row.leaf_id),
    draft: read(row.draft) as Chat['draft'],
    settings: read(row.settings) as Chat['settings'],
  }
}

/** In the order of `messageColumns`. */
export function messageValues(message: Message): readonly Value[] {
  const { id, chatId, parentId, role, written, scaffold, state, createdAtMs, finish, seed } = message
  const [body, input] = [kept(message.text), kept(message.input)]
  const start = [id, chatId, parentId, role, body, body.length, ...indexed(body, input), input]
  return [...start, JSON.stringify(written), scaffold, state, createdAtMs, ...ending(message), finish, seed]
}

export const messageColumns =
  'id, chat_id, parent_id, role, text, text_units, sought, signs, input, written, scaffold, state, created_at_ms, writer, figures, finish, seed' as const

/** What `messageOf` reads: every version of the schema has it. */
export const readColumns =
  'id, chat_id, parent_id, role, text, input, written, scaffold, state, created_at_ms, writer, figures, finish, seed' as const

/** `sought` and `signs`. */
export function indexed(text: string, input: string): readonly [sought: string | null, signs: string | null] {
  const both = `${text} ${input}`
  return [soughtPart(both), signsPart(both)]
}

function ending({ writer, figures }: Message): readonly Value[] {
  return [json(writer), json(figures)]
}

export function messageOf(row: Row): Message {
  return {
    id: String(row.id),
    chatId: String(row.chat_id),
    parentId: text(row.parent_id),
    role: row.role as Message['role'],
    text: String(row.text),
    input: String(row.input),
    written: read(row.written) as Message['written'],
    scaffold: text(row.scaffold) as Message['scaffold'],
    state: row.state as Message['state'],
    createdAtMs: Number(row.created_at_ms),
    writer: read(row.writer) as Message['writer'],
    figures: read(row.figures) as Message['figures'],
    finish: text(row.finish) as Message['finish'],
    seed: number(row.seed),
  }
}

/** As SQLite keeps it: half a surrogate pair has no form in UTF-8. The length stays. */
export function kept(value: string): string {
  return value.isWellFormed() ? value : value.toWellFormed()
}
