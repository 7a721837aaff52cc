// What makes writing last: bytes synced before they are named, and the folder synced after; and what the disk's errors mean.
import { mkdir, open, rename, rm, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { ServiceError } from '../serviceError.ts'

export async function syncFile(path: string): Promise<void> {
  await using handle = await open(path, 'r+')
  await handle.sync()
}

/** Makes names in a folder durable. Windows has no such call. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}

/** Renames within one disk, over what may be there already with the same content. */
export async function moveDurably(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await rename(from, to)
  await syncFolder(dirname(to))
}

/** Of the folder's disk, for a person without special rights. */
export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

export async function removeAll(files: readonly string[]): Promise<void> {
  for (const file of files) await rm(file, { force: true })
}

const full = new Set(['ENOSPC', 'EDQUOT'])
const unusable = new Set(['EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOTDIR', 'EBUSY', 'ENODEV'])
/** SQLite's own codes for the same. */
const sqliteFull = 13
const sqliteUnusable = new Set([3, 8, 10, 11, 14, 26])

/** Runs work on the models folder: what the disk refuses becomes a ServiceError disk-full or store-unusable. `needBytes`: of the work, if known. */
export async function onDisk<T>(folder: string, work: () => Promise<T>, needBytes = 0): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw await storeError(folder, error, needBytes)
  }
}

async function storeError(folder: string, error: unknown, needBytes: number): Promise<unknown> {
  if (!(error instanceof Error) || error instanceof ServiceError) return error
  const { code, errcode } = error as NodeJS.ErrnoException & { readonly errcode?: number }
  const sqlite = errcode === undefined ? null : errcode & 0xff
  if ((code !== undefined && full.has(code)) || sqlite === sqliteFull) {
    const freeBytes = await freeBytesOf(folder).catch(() => 0)
    return new ServiceError({ code: 'disk-full', needBytes, freeBytes }, { cause: error })
  }
  if ((code !== undefined && unusable.has(code)) || (sqlite !== null && sqliteUnusable.has(sqlite)))
    return new ServiceError({ code: 'store-unusable', detail: error.message }, { cause: error })
  return error
}
