// What decided an answer, kept beside it.
import type { DatabaseSync } from 'node:sqlite'
import type { AnswerRecord } from '../../../shared/chats/types.ts'
import { transaction } from '../database.ts'
import { ServiceError } from '../serviceError.ts'
import type { Chats } from './chats.ts'

export interface Records extends Pick<Chats, 'keepRecord' | 'record'> {
  /** Within a transaction. */
  put(record: AnswerRecord): void
}

export function createRecords(database: DatabaseSync): Records {
  const hasMessage = database.prepare('SELECT 1 FROM message WHERE id = ?')
  const insert = database.prepare(
    'INSERT INTO answer_record (message_id, record) VALUES (?, ?) ON CONFLICT (message_id) DO UPDATE SET record = excluded.record',
  )
  const get = database.prepare('SELECT record FROM answer_record WHERE message_id = ?')
  const put = (record: AnswerRecord) => {
    if (hasMessage.get(record.messageId) === undefined) throw new ServiceError({ code: 'chats-gone', what: 'message' })
    insert.run(record.messageId, JSON.stringify(record))
  }
  return {
    put,
    keepRecord: (record) => transaction(database, () => put(record)),
    record(messageId) {
      const text = get.get(messageId)?.record
      return typeof text === 'string' ? (JSON.parse(text) as AnswerRecord) : null
    },
  }
}
