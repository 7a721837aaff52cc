// Questions about single models, answered from their rows.
import type { DatabaseSync } from 'node:sqlite'
import { modelManifest } from '../../../shared/model.ts'
import { ServiceError } from '../serviceError.ts'
import type { Blobs } from './blobs.ts'
import type { Known } from './known.ts'
import type { ModelOrigin, RepairItem, Store, StoredModelFile } from './store.ts'
import { blobPath } from './storePaths.ts'

export interface Rows extends Pick<Store, 'file' | 'origin' | 'checkpoint' | 'repairPlan'> {
  /** Every blob of a model, kept checkpoint included. */
  usedBy(key: string): readonly string[]
}

export function createRows(folder: string, database: DatabaseSync, blobs: Blobs, known: Known): Rows {
  const model = database.prepare('SELECT manifest, origin FROM model WHERE key = ?')
  const oneFile = database.prepare('SELECT * FROM model_file WHERE model = ? AND position = ?')
  const filesOf = database.prepare('SELECT sha256, in_place FROM model_file WHERE model = ? ORDER BY position')
  const checkpointOf = database.prepare('SELECT sha256 FROM checkpoint_file WHERE model = ?')
  const file = (key: string, index: number): (StoredModelFile & { readonly isMade: boolean }) | null => {
    const row = oneFile.get(key, index)
    if (row === undefined) return null
    const [sha256, sizeBytes] = [String(row.sha256), Number(row.size_bytes)]
    const isInPlace = typeof row.in_place === 'string'
    const path = isInPlace ? String(row.in_place) : blobPath(folder, sha256)
    return { path, sizeBytes, sha256, isInPlace, isMade: row.is_made === 1 }
  }
  return {
    file(key, index) {
      const found = file(key, index)
      if (found === null) return null
      const { isMade: _, ...stored } = found
      return stored
    },
    origin(key) {
      const origin = model.get(key)?.origin
      return typeof origin === 'string' ? (JSON.parse(origin) as ModelOrigin) : null
    },
    checkpoint: (key) =>
      checkpointOf.all(key).flatMap(({ sha256 }) => blobs.blob({ kind: 'sha256', hex: String(sha256) }) ?? []),
    usedBy: (key) => [
      ...filesOf.all(key).flatMap((row) => (row.in_place === null ? [String(row.sha256)] : [])),
      ...checkpointOf.all(key).map(({ sha256 }) => String(sha256)),
    ],
    repairPlan(key) {
      const text = model.get(key)?.manifest
      if (typeof text !== 'string') throw new ServiceError({ code: 'not-installed', name: key })
      const damaged = new Map(known.of(key).damage.map((damage) => [damage.file, damage]))
      return modelManifest.parse(JSON.parse(text)).files.flatMap(({ name, sha256, sizeBytes }, index): RepairItem[] => {
        const place = file(key, index)
        const isGone =
          place !== null && !place.isInPlace && blobs.blob({ kind: 'sha256', hex: sha256 })?.sizeBytes !== sizeBytes
        const damage = isGone ? { file: name, detail: 'it is missing', badBlocks: null } : damaged.get(name)
        if (place === null || damage === undefined) return []
        const how = place.isInPlace ? 'elsewhere' : place.isMade ? 'make' : 'fetch'
        return [{ ...damage, sha256, sizeBytes, how }]
      })
    },
  }
}
