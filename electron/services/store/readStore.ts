// The models of a models folder for those who only read: the window and `hearth list`, beside whoever writes. A database that is not there yet holds none.
import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { type InstalledModel, modelManifest, type StoredFile } from '../../../shared/model.ts'
import type { ModelRecord } from '../../../shared/modelRecord.ts'
import { isBusy } from '../database.ts'
import { createKnown } from './known.ts'
import { readRecords } from './records.ts'
import { openStoreDatabase } from './schema.ts'
import { blobPath, databasePath } from './storePaths.ts'

export interface StoreReader extends Disposable {
  models(): readonly InstalledModel[]
  /** What is known of them beyond their manifests. Throws where the database is busy. */
  records(): readonly ModelRecord[]
  /** File `index` of a model's manifest, wherever it lies. */
  file(
    model: InstalledModel,
    index: number,
  ): (StoredFile & { readonly path: string; readonly isInPlace: boolean }) | null
}

/** A writer holds the database for moments only; the window does not wait longer. */
const waitMs = 200

/**
 * Opens the database when it is first there, and keeps it open. Throws ServiceError store-unusable for one of a newer Hearth, SQLite's error for one that is
 * damaged. While it is busy it gives the models it gave before.
 */
export function readStore(folder: string): StoreReader {
  let database: DatabaseSync | null = null
  let before: readonly InstalledModel[] = []
  const open = (): DatabaseSync | null => {
    if (database === null && existsSync(databasePath(folder)))
      database = openStoreDatabase(folder, { readOnly: true, timeoutMs: waitMs })
    return database
  }
  const read = () =>
    (open()?.prepare('SELECT key, manifest FROM model ORDER BY added_at_ms, key').all() ?? []).map((row) => ({
      key: String(row.key),
      bundled: false,
      manifest: modelManifest.parse(JSON.parse(String(row.manifest))),
    }))
  return {
    models() {
      try {
        before = read()
      } catch (error) {
        if (!isBusy(error)) throw error
      }
      return before
    },
    records() {
      const opened = open()
      return opened === null ? [] : readRecords(opened, createKnown(opened, Date.now))
    },
    file({ key, manifest }, index) {
      const stored = manifest.files[index]
      const row = open()?.prepare('SELECT in_place FROM model_file WHERE model = ? AND position = ?').get(key, index)
      if (stored === undefined || row === undefined) return null
      const isInPlace = typeof row.in_place === 'string'
      return { ...stored, path: isInPlace ? String(row.in_place) : blobPath(folder, stored.sha256), isInPlace }
    },
    [Symbol.dispose]() {
      database?.close()
      database = null
    },
  }
}
