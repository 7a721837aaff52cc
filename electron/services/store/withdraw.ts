// A damaged blob goes out of use. What was published somewhere becomes the part of its next download, so that only the blocks that differ are fetched again;
// what was made here is made again.
import { rename, rm, stat, truncate } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'
import { blockHashes, modelManifest } from '../../../shared/model.ts'
import { transaction } from '../database.ts'
import { openPart } from '../download/partFile.ts'
import type { FileHash } from '../hub/files.ts'
import { removeAll } from './disk.ts'
import type { Pending } from './pending.ts'
import { blobPath, partPaths } from './storePaths.ts'
import { rightBlocks } from './verify.ts'

export interface WithdrawParts {
  readonly folder: string
  readonly database: DatabaseSync
  readonly pending: Pending
  readonly blockBytes: number
}

export async function withdrawBlob(
  { folder, database, pending, blockBytes }: WithdrawParts,
  sha256: string,
): Promise<void> {
  const path = blobPath(folder, sha256)
  const row = database.prepare('SELECT size_bytes, git_blob FROM blob WHERE sha256 = ?').get(sha256)
  if (row === undefined) return
  const sizeBytes = Number(row.size_bytes)
  // A file whose hash is a git blob id is small: it comes whole.
  const hashes = row.git_blob === null ? blocksOfPublished(database, sha256, blockBytes) : null
  transaction(database, () => {
    pending.announce('blobs', sha256)
    database.prepare('DELETE FROM blob WHERE sha256 = ?').run(sha256)
  })
  const hash: FileHash = { kind: 'sha256', hex: sha256 }
  if (hashes !== null && (await isFile(path))) await makePart({ folder, hash, path, hashes, sizeBytes, blockBytes })
  await rm(path, { force: true })
  pending.done('blobs', sha256)
}

interface PartOfBlob {
  readonly folder: string
  readonly hash: FileHash
  readonly path: string
  readonly hashes: readonly string[]
  readonly sizeBytes: number
  readonly blockBytes: number
}

async function makePart({ folder, hash, path, hashes, sizeBytes, blockBytes }: PartOfBlob): Promise<void> {
  const paths = partPaths(folder, hash)
  const right = await rightBlocks(path, hashes, sizeBytes, blockBytes)
  if (right.length === 0) return
  await removeAll([paths.part, paths.journal])
  await rename(path, paths.part)
  if ((await stat(paths.part)).size > sizeBytes) await truncate(paths.part, sizeBytes)
  await using part = await openPart(paths, { name: hash.hex, sizeBytes, hash }, blockBytes)
  for (const block of right) {
    const known = hashes[block]
    if (known !== undefined) part.record(block, known)
  }
  await part.sync()
}

/** The hashes of a blob's blocks, from the manifest of a model that uses it as it was published. */
function blocksOfPublished(database: DatabaseSync, sha256: string, blockBytes: number): readonly string[] | null {
  const models = database
    .prepare(
      `SELECT manifest FROM model WHERE key IN
         (SELECT model FROM model_file WHERE sha256 = ? AND is_made = 0 AND in_place IS NULL)`,
    )
    .all(sha256)
  for (const { manifest } of models) {
    const stored = modelManifest.parse(JSON.parse(String(manifest))).files.find((file) => file.sha256 === sha256)
    const hashes = stored === undefined ? null : blockHashes(stored, blockBytes)
    if (hashes !== null && hashes.length > 1) return hashes
  }
  return null
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() ?? false
}
