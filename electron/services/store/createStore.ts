// Opens a models folder for writing. One process at a time; readers need no lock (readStore.ts).
import { mkdir, readdir, rm } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'
import { fileBlockBytes, type InstalledModel, modelManifest } from '../../../shared/model.ts'
import { transaction } from '../database.ts'
import { ServiceError } from '../serviceError.ts'
import { createBlobs } from './blobs.ts'
import { onDisk } from './disk.ts'
import { beginDraft } from './draft.ts'
import { createKnown } from './known.ts'
import { lockStore } from './lock.ts'
import { createPending } from './pending.ts'
import { readRecords } from './records.ts'
import { createRows } from './rows.ts'
import { openStoreDatabase } from './schema.ts'
import { createSerial, type Serial } from './serial.ts'
import type { ModelDraft, Store } from './store.ts'
import { blobsFolder, draftFolder, manifestPath, manifestsFolder, partialFolder, workFolder } from './storePaths.ts'
import { findStrays } from './strays.ts'
import { withdrawBlob } from './withdraw.ts'

export interface StoreOptions {
  readonly folder: string
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Of the blocks that manifests list; 16 MiB but in tests. */
  readonly blockBytes?: number
}

/** Rejects with ServiceError store-in-use or store-unusable. */
export async function createStore(options: StoreOptions): Promise<Store> {
  const { folder } = options
  const lock = lockStore(folder)
  let database: DatabaseSync | null = null
  try {
    return await onDisk(folder, async () => {
      for (const inner of [blobsFolder, manifestsFolder, partialFolder, workFolder])
        await mkdir(inner(folder), { recursive: true })
      database = openStoreDatabase(folder)
      await sweepWork(folder)
      return await openLocked(options, database, lock)
    })
  } catch (error) {
    ;(database as DatabaseSync | null)?.close()
    lock[Symbol.dispose]()
    throw error
  }
}

async function openLocked(
  { folder, now = Date.now, blockBytes = fileBlockBytes }: StoreOptions,
  database: DatabaseSync,
  lock: Disposable,
): Promise<Store> {
  const pending = createPending(folder, database)
  const inTurn = createSerial()
  const serial: Serial = (work) =>
    inTurn(() =>
      onDisk(folder, async () => {
        try {
          return await work()
        } catch (error) {
          // Where even this fails, the next start does it.
          await pending.settle(blobs.addRow).catch(() => undefined)
          throw error
        }
      }),
    )
  const blobs = createBlobs({ folder, database, pending, serial, now })
  const known = createKnown(database, now)
  await pending.settle(blobs.addRow)
  const { file, usedBy, repairPlan, origin, checkpoint } = createRows(folder, database, blobs, known)
  const drafts = new Set<ModelDraft>()
  const allModels = database.prepare('SELECT key, manifest FROM model ORDER BY added_at_ms, key')
  return {
    blob: blobs.blob,
    partPaths: blobs.partPaths,
    publish: blobs.publish,
    quarantine: blobs.quarantine,
    discardPart: blobs.discardPart,
    freeBytes: blobs.freeBytes,
    unused: blobs.unused,
    collect: blobs.collect,
    folder,
    database,
    async beginModel() {
      const ended = () => void drafts.delete(draft)
      const draft = await beginDraft({ folder, database, blobs, pending, known, serial, now, ended })
      drafts.add(draft)
      return draft
    },
    models: () => allModels.all().map(modelOf),
    file,
    origin,
    checkpoint,
    records: () => readRecords(database, known),
    known: known.of,
    measured: known.measured,
    checked: known.checked,
    repairPlan,
    remove: (key) =>
      serial(async () => {
        const hashes = usedBy(key)
        const path = manifestPath(folder, key)
        transaction(database, () => {
          if (database.prepare('DELETE FROM model WHERE key = ?').run(key).changes === 0)
            throw new ServiceError({ code: 'not-installed', name: key })
          known.forget(key)
          pending.announce('manifests', key)
        })
        await rm(path, { force: true })
        pending.done('manifests', key)
        return await blobs.collectNow(hashes)
      }),
    withdraw: (sha256) => serial(() => withdrawBlob({ folder, database, pending, blockBytes }, sha256)),
    strays: () => onDisk(folder, () => findStrays(folder, database)),
    async [Symbol.asyncDispose]() {
      for (const draft of drafts) await draft[Symbol.asyncDispose]()
      // What was begun ends first.
      await serial(async () => {})
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
