// Reads every byte of a model and says what is not as its manifest says, by block where the manifest lists blocks. For any model, wherever its files lie.
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { blockHashes, fileBlockBytes, type InstalledModel, type StoredFile } from '../../../shared/model.ts'
import type { FileDamage } from './store.ts'

/** What is needed of a ModelLibrary or a Store. */
export interface FilesToVerify {
  /** null where the file is missing or has another size. */
  file(key: string, index: number): FileToVerify | null | Promise<FileToVerify | null>
}
type FileToVerify = { readonly path: string }

/** Bytes seen and bytes there are, whenever some more were read. */
export type OnBytes = (doneBytes: number, totalBytes: number) => void

const readBytes = 4 * 2 ** 20

/**
 * Gives the damage, empty for a whole model; `store.checked(key, damage)` keeps it. Rejects only with the signal's reason: a file that cannot be read is damage.
 */
export async function verifyModel(
  files: FilesToVerify,
  { key, manifest }: Pick<InstalledModel, 'key' | 'manifest'>,
  onBytes: OnBytes,
  signal: AbortSignal,
  blockBytes: number = fileBlockBytes,
): Promise<readonly FileDamage[]> {
  const totalBytes = manifest.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const damage: FileDamage[] = []
  let before = 0
  onBytes(0, totalBytes)
  for (const [index, stored] of manifest.files.entries()) {
    signal.throwIfAborted()
    const place = await files.file(key, index)
    const start = before
    const found =
      place === null
        ? { detail: 'it is missing or has another size', badBlocks: null }
        : await damageOf(place.path, stored, blockBytes, (done) => onBytes(start + done, totalBytes), signal)
    if (found !== null) damage.push({ file: stored.name, ...found })
    before += stored.sizeBytes
    onBytes(before, totalBytes)
  }
  return damage
}

async function damageOf(
  path: string,
  stored: StoredFile,
  blockBytes: number,
  onBytes: (doneBytes: number) => void,
  signal: AbortSignal,
): Promise<Omit<FileDamage, 'file'> | null> {
  const hashes = blockHashes(stored, blockBytes)
  const handle = await open(path, 'r').catch((error: Error) => error)
  if (handle instanceof Error) return { detail: `it cannot be read: ${handle.message}`, badBlocks: null }
  await using file = handle
  const wrong: number[] = []
  // Without hashes of its blocks the file is one block.
  const length = hashes === null ? stored.sizeBytes : blockBytes
  for (const [block, expected] of (hashes ?? [stored.sha256]).entries()) {
    const start = block * length
    const size = Math.min(length, stored.sizeBytes - start)
    const actual = await hashOf(file, start, size, (done) => onBytes(start + done), signal)
    if (actual !== expected) wrong.push(block)
  }
  const { size } = await file.stat()
  if (wrong.length === 0 && size === stored.sizeBytes) return null
  if (size !== stored.sizeBytes)
    return { detail: `it has ${size} bytes, expected ${stored.sizeBytes}`, badBlocks: hashes === null ? null : wrong }
  if (hashes === null) return { detail: 'its bytes are not those of the manifest', badBlocks: null }
  return { detail: `${wrong.length} of ${hashes.length} blocks are not those of the manifest`, badBlocks: wrong }
}

/** Which blocks of a file, damaged or cut off, are right. */
export async function rightBlocks(
  path: string,
  hashes: readonly string[],
  sizeBytes: number,
  blockBytes: number,
): Promise<readonly number[]> {
  await using file = await open(path, 'r')
  const right: number[] = []
  for (const [block, expected] of hashes.entries()) {
    const start = block * blockBytes
    const size = Math.min(blockBytes, sizeBytes - start)
    if ((await hashOf(file, start, size, () => {}, new AbortController().signal)) === expected) right.push(block)
  }
  return right
}

/** sha256 of a part of a file; null where it ends before or the disk does not give it. */
async function hashOf(
  file: FileHandle,
  start: number,
  sizeBytes: number,
  onBytes: (doneBytes: number) => void,
  signal: AbortSignal,
): Promise<string | null> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(Math.min(readBytes, Math.max(1, sizeBytes)))
  for (let done = 0; done < sizeBytes; ) {
    signal.throwIfAborted()
    const want = Math.min(buffer.length, sizeBytes - done)
    const read = await file.read(buffer, 0, want, start + done).catch(() => null)
    if (read === null || read.bytesRead === 0) return null
    hash.update(buffer.subarray(0, read.bytesRead))
    done += read.bytesRead
    onBytes(done)
  }
  return hash.digest('hex')
}
