// Opens a models folder for writing. One process at a time; readers need no lock (readStore.ts).
import { mkdir, readdir, rm } from 'node:fs/promises'
import { type InstalledModel, modelManifest } from '../../../shared/model.ts'
import { transaction } from '../database.ts'
import { ServiceError } from '../serviceError.ts'
import { createBlobs } from './blobs.ts'
import { beginDraft } from './draft.ts'
import { createKnown } from './known.ts'
import { lockStore } from './lock.ts'
import { openStoreDatabase } from './schema.ts'
import type { ModelOrigin, Store, StoredModelFile } from './store.ts'
import {
  blobPath,
  blobsFolder,
  draftFolder,
  manifestPath,
  manifestsFolder,
  partialFolder,
  workFolder,
} from './storePaths.ts'

export interface StoreOptions {
  readonly folder: string
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/** Rejects with ServiceError store-in-use or store-unusable. */
export async function createStore({ folder, now = Date.now }: StoreOptions): Promise<Store> {
  const lock = lockStore(folder)
  try {
    for (const inner of [blobsFolder, manifestsFolder, partialFolder, workFolder])
      await mkdir(inner(folder), { recursive: true }).catch((cause: Error) => {
        throw new ServiceError({ code: 'store-unusable', detail: cause.message }, { cause })
      })
    await sweepWork(folder)
    return openLocked(folder, now, lock)
  } catch (error) {
    lock[Symbol.dispose]()
    throw error
  }
}

function openLocked(folder: string, now: () => number, lock: Disposable): Store {
  const database = openStoreDatabase(folder)
  const blobs = createBlobs(folder, database, now)
  const known = createKnown(database, now)
  const allModels = database.prepare('SELECT key, manifest FROM model ORDER BY added_at_ms, key')
  const oneModel = database.prepare('SELECT origin FROM model WHERE key = ?')
  const oneFile = database.prepare('SELECT * FROM model_file WHERE model = ? AND position = ?')
  const filesOf = database.prepare('SELECT sha256, in_place FROM model_file WHERE model = ? ORDER BY position')
  const checkpointOf = database.prepare('SELECT sha256 FROM checkpoint_file WHERE model = ?')
  const own = database.prepare(
    `SELECT coalesce(sum(size_bytes), 0) AS own FROM blob WHERE sha256 IN (
       SELECT sha256 FROM model_file WHERE model = ?1 AND in_place IS NULL
       UNION SELECT sha256 FROM checkpoint_file WHERE model = ?1)
     AND sha256 NOT IN (
       SELECT sha256 FROM model_file WHERE model <> ?1 AND in_place IS NULL
       UNION SELECT sha256 FROM checkpoint_file WHERE model <> ?1)`,
  )
  const total = database.prepare(
    `SELECT coalesce(sum(size_bytes), 0) AS total FROM (
       SELECT DISTINCT sha256, size_bytes FROM model_file WHERE model = ?1
       UNION SELECT sha256, size_bytes FROM blob WHERE sha256 IN
         (SELECT sha256 FROM checkpoint_file WHERE model = ?1))`,
  )
  const originOf = (key: string): ModelOrigin | null => {
    const origin = oneModel.get(key)?.origin
    return typeof origin === 'string' ? (JSON.parse(origin) as ModelOrigin) : null
  }
  return {
    ...blobs,
    folder,
    database,
    beginModel: () => beginDraft({ folder, database, blobs, now }),
    models: () => allModels.all().map(modelOf),
    file(key, index): StoredModelFile | null {
      const row = oneFile.get(key, index)
      if (row === undefined) return null
      const [sha256, sizeBytes] = [String(row.sha256), Number(row.size_bytes)]
      const isInPlace = typeof row.in_place === 'string'
      return { path: isInPlace ? String(row.in_place) : blobPath(folder, sha256), sizeBytes, sha256, isInPlace }
    },
    origin: originOf,
    checkpoint: (key) =>
      checkpointOf.all(key).flatMap(({ sha256 }) => blobs.blob({ kind: 'sha256', hex: String(sha256) }) ?? []),
    records() {
      return database
        .prepare('SELECT key, added_at_ms FROM model')
        .all()
        .map((row) => {
          const key = String(row.key)
          return {
            key,
            place: filesOf.all(key).some((file) => file.in_place !== null) ? 'in-place' : 'store',
            sizeBytes: Number(total.get(key)?.total),
            ownBytes: Number(own.get(key)?.own),
            addedAtMs: Number(row.added_at_ms),
            origin: originOf(key),
            ...known.of(key),
          }
        })
    },
    known: known.of,
    measured: known.measured,
    checked: known.checked,
    async remove(key) {
      const hashes = [
        ...filesOf.all(key).flatMap((row) => (row.in_place === null ? [String(row.sha256)] : [])),
        ...checkpointOf.all(key).map(({ sha256 }) => String(sha256)),
      ]
      const removed = transaction(database, () => {
        known.forget(key)
        return database.prepare('DELETE FROM model WHERE key = ?').run(key).changes
      })
      if (removed === 0) throw new ServiceError({ code: 'not-installed', name: key })
      await rm(manifestPath(folder, key), { force: true })
      return await blobs.collect(hashes)
    },
    async withdraw(sha256) {
      database.prepare('DELETE FROM blob WHERE sha256 = ?').run(sha256)
      await rm(blobPath(folder, sha256), { force: true })
    },
    async [Symbol.asyncDispose]() {
      database.close()
      lock[Symbol.dispose]()
    },
  }
}

function modelOf(row: Readonly<Record<string, unknown>>): InstalledModel {
  return { key: String(row.key), bundled: false, manifest: modelManifest.parse(JSON.parse(String(row.manifest))) }
}

/** Models in the making whose process ended: with the lock held, nobody else makes any. */
async function sweepWork(folder: string): Promise<void> {
  for (const name of await readdir(workFolder(folder)).catch(() => [])) {
    const isDraft = /^[0-9a-f-]{36}$/.test(name)
    if (isDraft) await rm(draftFolder(folder, name), { recursive: true, force: true })
  }
}
