// Looks messages up by their words and signs, the newest first, each with a part of its text around the first place.
import type { DatabaseSync } from 'node:sqlite'
import type { z } from 'zod'
import type { SearchHit, searchRequest } from '../../../shared/chats/types.ts'
import { excerptOf } from './excerpt.ts'
import { titleColumn, titleOf } from './title.ts'
import { termsOf } from './words.ts'

/** Around a place in the index's copy of a text; no text has them, for they are no characters. */
const [markStart, markEnd] = ['\ufdd0', '\ufdd1'] as const

export function search(database: DatabaseSync, request: z.infer<typeof searchRequest>): readonly SearchHit[] {
  const { query, unmarked, words } = termsOf(request.text)
  if (query === null) return []
  const { chatId, limit } = request
  const given = chatId === null ? [query, limit] : [query, chatId, limit]
  return database
    .prepare(chatId === null ? statement('') : statement('AND message.chat_id = ?'))
    .all(...given)
    .map((row) => {
      const { excerpt, marks } = excerptOf({
        texts: [String(row.marked_text), String(row.marked_input)],
        markStart,
        markEnd,
        sought: unmarked,
        otherwise: words,
      })
      return {
        chatId: String(row.chat_id),
        messageId: String(row.id),
        title: titleOf(row.title),
        role: row.role as SearchHit['role'],
        createdAtMs: Number(row.created_at_ms),
        excerpt,
        marks,
      }
    })
}

const statement = (where: string) => `SELECT message.id, message.chat_id, message.role, message.created_at_ms,
    ${titleColumn} AS title, highlight(message_words, 0, '${markStart}', '${markEnd}') AS marked_text,
    highlight(message_words, 1, '${markStart}', '${markEnd}') AS marked_input
  FROM message_words CROSS JOIN message ON message.number = message_words.rowid
  CROSS JOIN chat ON chat.id = message.chat_id
  WHERE message_words MATCH ? AND chat.removed_in IS NULL ${where}
  ORDER BY message_words.rowid DESC LIMIT ?`
