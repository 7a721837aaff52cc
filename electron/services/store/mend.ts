// A model that is whole again makes those whole that share its content: what their last check found in it is forgotten.
import type { DatabaseSync } from 'node:sqlite'
import { modelManifest } from '../../../shared/model.ts'
import type { Known } from './known.ts'

export function mendAll(database: DatabaseSync, known: Known, key: string): void {
  known.damaged(key, [])
  const content = database.prepare('SELECT sha256 FROM model_file WHERE model = ? AND in_place IS NULL').all(key)
  const whole = new Set(content.map(({ sha256 }) => sha256))
  const sharing = database
    .prepare(
      `SELECT DISTINCT key, manifest FROM model JOIN model_file ON model_file.model = model.key
       WHERE in_place IS NULL AND sha256 IN (SELECT sha256 FROM model_file WHERE model = ?)`,
    )
    .all(key)
  for (const other of sharing) {
    const { damage } = known.of(String(other.key))
    if (damage.length === 0) continue
    const { files } = modelManifest.parse(JSON.parse(String(other.manifest)))
    const hashes = new Map(files.map(({ name, sha256 }) => [name, sha256]))
    known.damaged(
      String(other.key),
      damage.filter(({ file }) => !whole.has(hashes.get(file) ?? '')),
    )
  }
}
