// Whether the disk can take what is still to come, and what it means when it could not.
import { ServiceError } from '../serviceError.ts'
import type { BlobStore } from '../store/store.ts'

type Disk = Pick<BlobStore, 'freeBytes'>

/** Left free for everything else on the computer. */
export const usualReserveBytes = 2 * 2 ** 30

/** Rejects with ServiceError disk-full, with the numbers. */
export async function requireDisk(disk: Disk, neededBytes: number, reserveBytes: number): Promise<void> {
  const freeBytes = await disk.freeBytes()
  const needBytes = neededBytes + reserveBytes
  if (freeBytes < needBytes) throw new ServiceError({ code: 'disk-full', needBytes, freeBytes })
}

const full = ['ENOSPC', 'EDQUOT', 'EFBIG']
/** SQLITE_FULL, with or without its extended code. */
const sqliteFull = 13
const unusable = [
  'EACCES',
  'EPERM',
  'EROFS',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ENOTDIR',
  'EISDIR',
  'EEXIST',
  'ENOENT',
  'ENODEV',
  'ELOOP',
]

/** A full disk as disk-full, what else a disk says as store-unusable; errors of another kind as they are. */
export async function diskError(error: unknown, disk: Disk, neededBytes: number): Promise<unknown> {
  const { code, syscall, errcode } = error as { readonly [name: string]: unknown }
  if (typeof errcode === 'number' && (errcode & 0xff) === sqliteFull) return await diskFull(error, disk, neededBytes)
  if (typeof code !== 'string' || typeof syscall !== 'string') return error
  if (full.includes(code)) return await diskFull(error, disk, neededBytes)
  if (!unusable.includes(code)) return error
  return new ServiceError({ code: 'store-unusable', detail: `${code} (${syscall})` }, { cause: error })
}

async function diskFull(cause: unknown, disk: Disk, needBytes: number): Promise<ServiceError> {
  const freeBytes = await disk.freeBytes().catch(() => 0)
  return new ServiceError({ code: 'disk-full', needBytes, freeBytes }, { cause })
}
