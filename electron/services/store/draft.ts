// A model in the making. Its files are written to a folder of its own; with the commit they become blobs and the model one row among others, in one
// transaction. Killed before that, nothing but files without rows is left, which the next start sweeps.
import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'
import { type ModelManifest, manifestFileName, modelManifest } from '../../../shared/model.ts'
import { transaction } from '../database.ts'
import { ServiceError } from '../serviceError.ts'
import { type Blobs, sha256Hash } from './blobs.ts'
import { moveDurably, syncFile } from './disk.ts'
import type { ModelDraft, StoredBlob } from './store.ts'
import { draftFolder, draftPath, manifestPath } from './storePaths.ts'

interface InPlaceFile {
  readonly path: string
  readonly sizeBytes: number
  readonly sha256: string
}

export interface DraftParts {
  readonly folder: string
  readonly database: DatabaseSync
  readonly blobs: Blobs
  readonly now: () => number
}

export async function beginDraft({ folder, database, blobs, now }: DraftParts): Promise<ModelDraft> {
  const id = randomUUID()
  await mkdir(draftFolder(folder, id), { recursive: true })
  const handles = new Map<string, FileHandle>()
  const used = new Map<string, StoredBlob>()
  const inPlace = new Map<string, InPlaceFile>()
  const closeAll = async () => {
    for (const handle of handles.values()) await handle.close()
    handles.clear()
  }
  return {
    async write(name, chunk, signal) {
      signal.throwIfAborted()
      const path = draftPath(folder, id, name)
      const handle = handles.get(name) ?? (await open(path, 'wx'))
      handles.set(name, handle)
      for (let done = 0; done < chunk.byteLength; ) {
        const { bytesWritten } = await handle.write(chunk, done, chunk.byteLength - done)
        done += bytesWritten
      }
    },
    use: (name, blob) => void used.set(name, blob),
    useInPlace: (name, file) => void inPlace.set(name, file),
    async commit(origin, checkpoint) {
      const written = [...handles.keys()]
      await closeAll()
      const bytes = await readFile(draftPath(folder, id, manifestFileName))
      const manifest = modelManifest.parse(JSON.parse(bytes.toString('utf8')))
      const key = createHash('sha256').update(bytes).digest('hex')
      if (database.prepare('SELECT 1 FROM model WHERE key = ?').get(key) !== undefined)
        throw new ServiceError({ code: 'already-installed', name: manifest.id })
      checkComplete(manifest, new Set(written), used, inPlace)
      for (const { name, sha256 } of manifest.files) {
        if (used.has(name) || inPlace.has(name)) continue
        // Content that another model has already is not replaced under its readers.
        if (blobs.blob(sha256Hash(sha256)) === null) await blobs.place(draftPath(folder, id, name), sha256)
      }
      const temporary = draftPath(folder, id, 'manifest.new')
      await writeFile(temporary, bytes)
      await syncFile(temporary)
      await moveDurably(temporary, manifestPath(folder, key))
      transaction(database, () => {
        database
          .prepare('INSERT INTO model (key, manifest, origin, added_at_ms) VALUES (?, ?, ?, ?)')
          .run(key, bytes.toString('utf8'), origin && JSON.stringify(origin), now())
        const addFile = database.prepare(
          'INSERT INTO model_file (model, position, sha256, size_bytes, in_place) VALUES (?, ?, ?, ?, ?)',
        )
        for (const [position, { name, sizeBytes, sha256 }] of manifest.files.entries()) {
          const place = inPlace.get(name)
          if (place === undefined) blobs.addRow({ sha256, sizeBytes }, null)
          addFile.run(key, position, sha256, sizeBytes, place?.path ?? null)
        }
        const keep = database.prepare('INSERT OR IGNORE INTO checkpoint_file (model, sha256) VALUES (?, ?)')
        for (const { sha256 } of checkpoint) keep.run(key, sha256)
      })
      await rm(draftFolder(folder, id), { recursive: true, force: true })
      return key
    },
    async [Symbol.asyncDispose]() {
      await closeAll()
      await rm(draftFolder(folder, id), { recursive: true, force: true })
    },
  }
}

/** Every file of the manifest once, of the size and hash it says. Written files were hashed as they were written: their hash is the manifest's. */
function checkComplete(
  { id, files }: ModelManifest,
  written: ReadonlySet<string>,
  used: ReadonlyMap<string, StoredBlob>,
  inPlace: ReadonlyMap<string, InPlaceFile>,
): void {
  for (const { name, sizeBytes, sha256 } of files) {
    const taken = used.get(name) ?? inPlace.get(name)
    const isRight = taken === undefined ? written.has(name) : taken.sha256 === sha256 && taken.sizeBytes === sizeBytes
    if (!isRight) throw new Error(`${id}: ${name} is not what the manifest lists`)
  }
}
