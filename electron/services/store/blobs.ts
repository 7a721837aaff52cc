// Content on the disk and its rows. A file becomes a blob by a rename after its bytes are safe; it counts once its row is committed.
import { rename, rm, stat, statfs } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'
import type { FileHash } from '../hub/files.ts'
import { moveDurably, syncFile } from './disk.ts'
import type { BlobStore, StoredBlob } from './store.ts'
import { blobPath, partPaths, quarantinePaths } from './storePaths.ts'

export interface Blobs extends BlobStore {
  /** Takes over a file whose bytes were hashed, from anywhere on the same disk; the row is the caller's to commit. */
  place(path: string, sha256: string): Promise<void>
  addRow(blob: Pick<StoredBlob, 'sha256' | 'sizeBytes'>, gitBlob: string | null): void
  /** Deletes rows and files of blobs that nothing uses any more; gives the bytes. */
  collect(candidates: readonly string[]): Promise<number>
}

export function createBlobs(folder: string, database: DatabaseSync, now: () => number): Blobs {
  const bySha = database.prepare('SELECT sha256, size_bytes FROM blob WHERE sha256 = ?')
  const byGit = database.prepare('SELECT sha256, size_bytes FROM blob WHERE git_blob = ?')
  const insert = database.prepare(
    `INSERT INTO blob (sha256, size_bytes, git_blob, added_at_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (sha256) DO UPDATE SET git_blob = coalesce(excluded.git_blob, git_blob)`,
  )
  const used = database.prepare(
    `SELECT EXISTS (SELECT 1 FROM model_file WHERE sha256 = ?1 AND in_place IS NULL)
       OR EXISTS (SELECT 1 FROM checkpoint_file WHERE sha256 = ?1) AS used`,
  )
  const drop = database.prepare('DELETE FROM blob WHERE sha256 = ?')
  const place = async (path: string, sha256: string) => {
    await syncFile(path)
    await moveDurably(path, blobPath(folder, sha256))
  }
  return {
    blob(hash) {
      const row = (hash.kind === 'sha256' ? bySha : byGit).get(hash.hex)
      if (row === undefined) return null
      const sha256 = String(row.sha256)
      return { sha256, sizeBytes: Number(row.size_bytes), path: blobPath(folder, sha256) }
    },
    partPaths: (hash) => partPaths(folder, hash),
    async publish(hash, { sha256, sizeBytes }) {
      const { part, journal } = partPaths(folder, hash)
      await place(part, sha256)
      insert.run(sha256, sizeBytes, hash.kind === 'git-blob' ? hash.hex : null, now())
      await removeAll([journal, ...paths(quarantinePaths(folder, hash))])
      return { sha256, sizeBytes, path: blobPath(folder, sha256) }
    },
    async quarantine(hash) {
      const [from, to] = [partPaths(folder, hash), quarantinePaths(folder, hash)]
      await rename(from.part, to.part)
      await rm(from.journal, { force: true })
      return to
    },
    discardPart: (hash) => removeAll([...paths(partPaths(folder, hash)), ...paths(quarantinePaths(folder, hash))]),
    async reclaim(hash) {
      // Small files, which git names, are fetched again.
      if (hash.kind !== 'sha256' || bySha.get(hash.hex) !== undefined) return
      const { part } = partPaths(folder, hash)
      if (await exists(blobPath(folder, hash.hex))) await rename(blobPath(folder, hash.hex), part)
    },
    async freeBytes() {
      const { bavail, bsize } = await statfs(folder)
      return bavail * bsize
    },
    place,
    addRow: ({ sha256, sizeBytes }, gitBlob) => void insert.run(sha256, sizeBytes, gitBlob, now()),
    async collect(candidates) {
      let freedBytes = 0
      for (const sha256 of new Set(candidates)) {
        if (used.get(sha256)?.used === 1) continue
        const path = blobPath(folder, sha256)
        const size = await stat(path).then(
          (found) => found.size,
          () => 0,
        )
        // The row first: what has no row is not believed, so nothing can point at a file that is gone.
        drop.run(sha256)
        await rm(path, { force: true })
        freedBytes += size
      }
      return freedBytes
    },
  }
}

function paths({ part, journal }: ReturnType<typeof partPaths>): readonly string[] {
  return [part, journal]
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

async function removeAll(files: readonly string[]): Promise<void> {
  for (const file of files) await rm(file, { force: true })
}

export function sha256Hash(hex: string): FileHash {
  return { kind: 'sha256', hex }
}
