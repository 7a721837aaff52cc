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

/** ENOSPC and EDQUOT as disk-full; anything else as it is. */
export async function diskError(error: unknown, disk: Disk, neededBytes: number): Promise<unknown> {
  const { code } = error as { readonly code?: unknown }
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error
  const freeBytes = await disk.freeBytes().catch(() => 0)
  return new ServiceError({ code: 'disk-full', needBytes: neededBytes, freeBytes }, { cause: error })
}
