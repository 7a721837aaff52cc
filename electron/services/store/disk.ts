// What makes writing last: bytes synced before they are named, and the folder synced after.
import { mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

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
