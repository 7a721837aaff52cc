// Looks messages up by their words, the newest first, each with a part of its text around the first place.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { z } from 'zod'
import type { SearchHit, searchRequest } from '../../../shared/chats/types.ts'
import { excerptOf } from './excerpt.ts'
import { titleColumn, titleOf } from './title.ts'
import { type Terms, termsOf } from './words.ts'

/** Around a place in the index's copy of a text; no text has them, for they are no characters. */
const [markStart, markEnd] = ['\ufdd0', '\ufdd1'] as const

export function search(database: DatabaseSync, request: z.infer<typeof searchRequest>): readonly SearchHit[] {
  const terms = termsOf(request.text)
  if (terms.query === null && terms.signs.length === 0) return []
  const { sql, values } = statement(terms, request.chatId)
  return database
    .prepare(sql)
    .all(...values, request.limit)
    .map((row) => {
      const { excerpt, marks } = excerptOf({
        texts: [String(row.marked_text), String(row.marked_input)],
        markStart,
        markEnd,
        sought: [...terms.runs, ...terms.signs],
        otherwise: terms.words,
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

function statement({ query, signs }: Terms, chatId: string | null): { sql: string; values: SQLInputValue[] } {
  const isIndexed = query !== null
  const marked = (column: number, name: string) =>
    isIndexed ? `highlight(message_words, ${column}, '${markStart}', '${markEnd}')` : `message.${name}`
  const conditions = [
    'chat.removed_in IS NULL',
    ...(isIndexed ? ['message_words MATCH ?'] : []),
    ...signs.map(() => '(instr(message.text, ?) > 0 OR instr(message.input, ?) > 0)'),
    ...(chatId === null ? [] : ['message.chat_id = ?']),
  ]
  return {
    sql: `SELECT message.id, message.chat_id, message.role, message.created_at_ms, ${titleColumn} AS title,
        ${marked(0, 'text')} AS marked_text, ${marked(1, 'input')} AS marked_input
      FROM ${isIndexed ? 'message_words CROSS JOIN message ON message.number = message_words.rowid' : 'message'}
      CROSS JOIN chat ON chat.id = message.chat_id
      WHERE ${conditions.join(' AND ')}
      ORDER BY ${isIndexed ? 'message_words.rowid' : 'message.number'} DESC LIMIT ?`,
    values: [
      ...(isIndexed ? [query] : []),
      ...signs.flatMap((sign) => [sign, sign]),
      ...(chatId === null ? [] : [chatId]),
    ],
  }
}
