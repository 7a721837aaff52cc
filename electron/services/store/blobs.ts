// Content on the disk and its rows. A file becomes a blob by a rename after its bytes are safe; it counts once its row is committed.
import { statSync } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'
import { transaction } from '../database.ts'
import type { FileHash } from '../hub/files.ts'
import { freeBytesOf, moveDurably, onDisk, removeAll, syncFile } from './disk.ts'
import type { Pending } from './pending.ts'
import type { Serial } from './serial.ts'
import type { BlobStore, StoredBlob, UnusedContent } from './store.ts'
import { blobPath, partPaths, quarantinePaths } from './storePaths.ts'

export interface Blobs extends BlobStore, UnusedContent {
  /** Takes over a file whose bytes were hashed and synced, from anywhere on the same disk; it was announced, and its row is the caller's to commit. */
  place(path: string, sha256: string): Promise<void>
  addRow(blob: Pick<StoredBlob, 'sha256' | 'sizeBytes'>, hash: FileHash | null): void
  /** A blob that a model in the making holds on to is not collected. Disposing lets it go. */
  pin(sha256: string): Disposable
  /** The same for whoever has its turn already. */
  collectNow(hashes: readonly string[]): Promise<number>
}

export interface BlobParts {
  readonly folder: string
  readonly database: DatabaseSync
  readonly pending: Pending
  readonly serial: Serial
  readonly now: () => number
}

export function createBlobs({ folder, database, pending, serial, now }: BlobParts): Blobs {
  const bySha = database.prepare('SELECT sha256, size_bytes FROM blob WHERE sha256 = ?')
  const byGit = database.prepare('SELECT sha256, size_bytes FROM blob WHERE git_blob = ?')
  const insert = database.prepare(
    `INSERT INTO blob (sha256, size_bytes, git_blob, added_at_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (sha256) DO UPDATE SET git_blob = coalesce(excluded.git_blob, git_blob)`,
  )
  const unused = database.prepare(
    `SELECT sha256, size_bytes FROM blob WHERE sha256 NOT IN (SELECT sha256 FROM model_file WHERE in_place IS NULL)
       AND sha256 NOT IN (SELECT sha256 FROM checkpoint_file)`,
  )
  const drop = database.prepare('DELETE FROM blob WHERE sha256 = ?')
  const pins = new Map<string, number>()
  const storedBlob = (row: Readonly<Record<string, unknown>>): StoredBlob => {
    const sha256 = String(row.sha256)
    return { sha256, sizeBytes: Number(row.size_bytes), path: blobPath(folder, sha256) }
  }
  const allUnused = () =>
    unused
      .all()
      .map(storedBlob)
      .filter(({ sha256 }) => !pins.has(sha256))
  const addRow: Blobs['addRow'] = ({ sha256, sizeBytes }, hash) =>
    void insert.run(sha256, sizeBytes, hash?.kind === 'git-blob' ? hash.hex : null, now())
  const place = async (path: string, sha256: string) => {
    const target = blobPath(folder, sha256)
    // Fresh bytes replace old ones: those may have been damaged since. Where a reader has the file open, Windows refuses; it is then the right one already.
    await moveDurably(path, target).catch(async (error: NodeJS.ErrnoException) => {
      if (process.platform !== 'win32' || !(await stat(target).catch(() => null))?.isFile()) throw error
      await rm(path, { force: true })
    })
  }
  const collectNow = async (hashes: readonly string[]) => {
    const wanted = new Set(hashes)
    const doomed = allUnused().filter(({ sha256 }) => wanted.has(sha256))
    // The rows first: what has no row is not believed, so nothing can point at a file that is gone.
    transaction(database, () => {
      for (const { sha256 } of doomed) {
        pending.announce('blobs', sha256)
        drop.run(sha256)
      }
    })
    await removeAll(doomed.map(({ path }) => path))
    transaction(database, () => {
      for (const { sha256 } of doomed) pending.done('blobs', sha256)
    })
    return doomed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }
  return {
    blob(hash) {
      const row = (hash.kind === 'sha256' ? bySha : byGit).get(hash.hex)
      if (row === undefined) return null
      const blob = storedBlob(row)
      // Somebody else may have deleted it.
      return statSync(blob.path, { throwIfNoEntry: false })?.size === blob.sizeBytes ? blob : null
    },
    partPaths: (hash) => partPaths(folder, hash),
    publish: (hash, { sha256, sizeBytes }) =>
      serial(async () => {
        if (hash.kind === 'sha256' && hash.hex !== sha256) throw new Error(`${sha256} was published as ${hash.hex}`)
        const { part, journal } = partPaths(folder, hash)
        const { size } = await stat(part)
        if (size !== sizeBytes) throw new Error(`the part has ${size} bytes, ${sizeBytes} were verified`)
        await syncFile(part)
        pending.announcePart(hash, { sha256, sizeBytes })
        await place(part, sha256)
        transaction(database, () => {
          addRow({ sha256, sizeBytes }, hash)
          pending.done('blobs', sha256)
        })
        await removeAll([journal, ...paths(quarantinePaths(folder, hash))])
        return { sha256, sizeBytes, path: blobPath(folder, sha256) }
      }),
    quarantine: (hash) =>
      onDisk(folder, async () => {
        const [from, to] = [partPaths(folder, hash), quarantinePaths(folder, hash)]
        await rename(from.part, to.part)
        await rm(from.journal, { force: true })
        return to
      }),
    discardPart: (hash) =>
      onDisk(folder, () => removeAll([...paths(partPaths(folder, hash)), ...paths(quarantinePaths(folder, hash))])),
    freeBytes: () => onDisk(folder, () => freeBytesOf(folder)),
    place,
    addRow,
    pin(sha256) {
      pins.set(sha256, (pins.get(sha256) ?? 0) + 1)
      let isHeld = true
      return {
        [Symbol.dispose]() {
          if (!isHeld) return
          isHeld = false
          const left = (pins.get(sha256) ?? 1) - 1
          if (left === 0) pins.delete(sha256)
          else pins.set(sha256, left)
        },
      }
    },
    collect: (hashes) => serial(() => collectNow(hashes)),
    collectNow,
    unused: allUnused,
  }
}

function paths({ part, journal }: ReturnType<typeof partPaths>): readonly string[] {
  return [part, journal]
}
