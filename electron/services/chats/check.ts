// Whether a chats file is what it should be.
import type { DatabaseSync } from 'node:sqlite'

export type Soundness =
  | { readonly kind: 'sound' }
  /** Only the index of words disagrees: it is made again from the messages. */
  | { readonly kind: 'index' }
  | { readonly kind: 'damaged'; readonly detail: string }

const ofIndex = /^(malformed inverted index for )?fts5\b.*\bmessage_words/iu

/** `quick`: pages and rows; else also that indexes agree with their tables and that nothing refers to nothing. */
export function soundnessOf(database: DatabaseSync, how: 'quick' | 'whole'): Soundness {
  const check = how === 'quick' ? 'quick_check' : 'integrity_check'
  const found = database
    .prepare(`PRAGMA ${check}(20)`)
    .all()
    .map((row) => String(Object.values(row)[0]))
  const wrong = found.filter((text) => text !== 'ok')
  const first = wrong.find((text) => !ofIndex.test(text))
  if (first !== undefined) return { kind: 'damaged', detail: first.slice(0, 200) }
  if (how === 'whole' && database.prepare('PRAGMA foreign_key_check').get() !== undefined)
    return { kind: 'damaged', detail: 'something refers to what is not there' }
  return { kind: wrong.length > 0 ? 'index' : 'sound' }
}
