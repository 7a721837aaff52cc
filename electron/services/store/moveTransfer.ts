// The files of a models folder into the new place: on the same disk each gets another name for the same bytes, else a copy that is synced and read back.
import { createHash } from 'node:crypto'
import { link, mkdir, open, rm, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ServiceError } from '../serviceError.ts'
import { syncFolder } from './disk.ts'
import { freeBytesOf, unusable } from './moveTarget.ts'
import type { Tree } from './moveTree.ts'
import { movePath, probePath } from './storePaths.ts'

const chunkBytes = 4 * 2 ** 20

export interface Transfer {
  readonly from: string
  readonly to: string
  readonly tree: Tree
  readonly onBytes: (doneBytes: number, totalBytes: number) => void
}

/** Left free on the new disk: databases, and what SQLite keeps beside them. */
const reserveBytes = 64 * 2 ** 20

/** Fills the new folder but for the databases. Gives the names of content that had another hash already. Rejects with ServiceError. */
export async function transferTree(transfer: Transfer, signal: AbortSignal): Promise<readonly string[]> {
  const { from, to, tree, onBytes } = transfer
  const mayLink = await canLink(from, to)
  const sizeBytes = tree.files.reduce((sum, file) => sum + file.sizeBytes, 0)
  const needBytes = reserveBytes + (mayLink ? 0 : sizeBytes)
  const freeBytes = await freeBytesOf(to)
  if (freeBytes < needBytes) throw new ServiceError({ code: 'disk-full', needBytes, freeBytes })
  const totalBytes = mayLink ? sizeBytes : 2 * sizeBytes
  let doneBytes = 0
  const count = (bytes: number) => {
    doneBytes += bytes
    onBytes(Math.min(doneBytes, totalBytes), totalBytes)
  }
  const damaged: string[] = []
  try {
    for (const folder of tree.folders) await mkdir(join(to, folder))
    for (const { path, isBlob, ...file } of tree.files) {
      signal.throwIfAborted()
      if (mayLink && (await linked(join(from, path), join(to, path)))) count(file.sizeBytes)
      else {
        const sha256 = await copyFile(join(from, path), join(to, path), count, signal)
        if (isBlob && sha256 !== basename(path)) damaged.push(basename(path))
      }
    }
    for (const { path, target } of tree.links) await symlink(target, join(to, path))
    for (const folder of [...tree.folders].reverse()) await syncFolder(join(to, folder))
    return damaged
  } catch (error) {
    signal.throwIfAborted()
    throw await asProblem(error, to, needBytes)
  }
}

/** Whether a file can have a name in both folders. Also on one disk it may not: some file systems have no such names. */
async function canLink(from: string, to: string): Promise<boolean> {
  const probe = probePath(to)
  const can = await linked(movePath(from), probe)
  await rm(probe, { force: true })
  return can
}

/** Gives a file another name; the old one goes when the move is through. Needs no room. */
async function linked(from: string, to: string): Promise<boolean> {
  return await link(from, to).then(
    () => true,
    () => false,
  )
}

/** What the system or SQLite says of the new disk, as a problem; anything else as it is. */
export async function asProblem(error: unknown, to: string, needBytes: number = reserveBytes): Promise<unknown> {
  if (!(error instanceof Error)) return error
  const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown }
  if (typeof code !== 'string') return error
  // SQLITE_FULL is 13.
  if (code === 'ENOSPC' || code === 'EDQUOT' || errcode === 13) {
    const freeBytes = await freeBytesOf(to).catch(() => 0)
    return new ServiceError({ code: 'disk-full', needBytes, freeBytes }, { cause: error })
  }
  return unusable(to, error.message, error)
}

/** Gives the sha256 of what was read. Rejects with ServiceError wrong-bytes where the disk gives back something else than was written. */
async function copyFile(
  from: string,
  to: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const expected = await writeCopy(from, to, onBytes, signal)
  const actual = await hashFile(to, onBytes, signal)
  if (actual !== expected) throw new ServiceError({ code: 'wrong-bytes', file: to, expected, actual })
  return expected
}

async function writeCopy(
  from: string,
  to: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  await using source = await open(from, 'r')
  const { mode } = await source.stat()
  await using target = await open(to, 'wx', mode & 0o777)
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(chunkBytes)
  for (;;) {
    signal.throwIfAborted()
    const { bytesRead } = await source.read(buffer, 0, buffer.length, null)
    if (bytesRead === 0) break
    hash.update(buffer.subarray(0, bytesRead))
    for (let done = 0; done < bytesRead; ) done += (await target.write(buffer, done, bytesRead - done)).bytesWritten
    onBytes(bytesRead)
  }
  await target.sync()
  return hash.digest('hex')
}

async function hashFile(path: string, onBytes: (bytes: number) => void, signal: AbortSignal): Promise<string> {
  await using handle = await open(path, 'r')
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(chunkBytes)
  for (;;) {
    signal.throwIfAborted()
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, null)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
    onBytes(bytesRead)
  }
}
