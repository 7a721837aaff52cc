// Whether there is room for what is to come, asked before the first byte.
import { ServiceError } from '../serviceError.ts'
import type { BlobStore } from '../store/store.ts'

/** Left free for everything else on the disk. */
const reserveBytes = 64 * 2 ** 20

/** Throws ServiceError disk-full. */
export async function requireSpace(store: Pick<BlobStore, 'freeBytes'>, sizeBytes: number): Promise<void> {
  const needBytes = sizeBytes + reserveBytes
  const freeBytes = await store.freeBytes()
  if (needBytes > freeBytes) throw new ServiceError({ code: 'disk-full', needBytes, freeBytes })
}
