// What is known of the store's models beyond their manifests, and what each takes.
import type { DatabaseSync } from 'node:sqlite'
import type { ModelRecord } from '../../../shared/modelRecord.ts'
import type { Known } from './known.ts'
import type { ModelOrigin } from './store.ts'

/** Content of the model ?1 that is in the store. */
const contentOf = `SELECT sha256 FROM model_file WHERE model = ?1 AND in_place IS NULL
  UNION SELECT sha256 FROM checkpoint_file WHERE model = ?1`
const contentOfOthers = contentOf.replaceAll('model = ?1', 'model <> ?1')

export function readRecords(database: DatabaseSync, known: Known): readonly ModelRecord[] {
  const own = database.prepare(
    `SELECT coalesce(sum(size_bytes), 0) AS bytes FROM blob
     WHERE sha256 IN (${contentOf}) AND sha256 NOT IN (${contentOfOthers})`,
  )
  const total = database.prepare(
    `SELECT coalesce(sum(size_bytes), 0) AS bytes FROM (
       SELECT sha256, size_bytes FROM model_file WHERE model = ?1
       UNION SELECT sha256, size_bytes FROM blob WHERE sha256 IN (SELECT sha256 FROM checkpoint_file WHERE model = ?1))`,
  )
  const inPlace = database.prepare('SELECT 1 FROM model_file WHERE model = ? AND in_place IS NOT NULL')
  const models = database.prepare('SELECT key, origin, added_at_ms FROM model ORDER BY added_at_ms, key').all()
  return models.map((row) => {
    const key = String(row.key)
    return {
      key,
      place: inPlace.get(key) === undefined ? 'store' : 'in-place',
      sizeBytes: Number(total.get(key)?.bytes),
      ownBytes: Number(own.get(key)?.bytes),
      addedAtMs: Number(row.added_at_ms),
      origin: typeof row.origin === 'string' ? (JSON.parse(row.origin) as ModelOrigin) : null,
      ...known.of(key),
    }
  })
}
