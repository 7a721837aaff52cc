// Files of folders that other programs look after: links are followed inside that program's folder and never out of it. A cache is a place where anybody's
// names and links can lie.
import { realpath, stat } from 'node:fs/promises'
import { dirname, isAbsolute, relative, sep } from 'node:path'

export type FencedFile =
  | { readonly kind: 'file'; readonly path: string; readonly sizeBytes: number }
  /** A link leads out of the fence. */
  | { readonly kind: 'outside' }
  /** Not there, no file, or not to be read. */
  | { readonly kind: 'none' }

/** What a path leads to, its links resolved. `fence` must be without links itself. Never rejects. */
export async function fencedFile(path: string, fence: string): Promise<FencedFile> {
  const real = await realpath(path).catch(() => null)
  if (real === null) return { kind: 'none' }
  if (!isBelow(fence, real)) return { kind: 'outside' }
  const found = await stat(real).catch(() => null)
  return found?.isFile() ? { kind: 'file', path: real, sizeBytes: found.size } : { kind: 'none' }
}

const snapshot = /^models--[^\\/]+[\\/]snapshots[\\/][^\\/]+$/

/** The cache that a folder is a snapshot of, by the layout of Hugging Face's caches: its files are links into it. null for other folders. */
export function hubCacheOf(folder: string): string | null {
  const cache = dirname(dirname(dirname(folder)))
  return snapshot.test(relative(cache, folder)) ? cache : null
}

function isBelow(folder: string, path: string): boolean {
  const below = relative(folder, path)
  return below !== '' && below.split(sep)[0] !== '..' && !isAbsolute(below)
}
