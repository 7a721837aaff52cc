// What lies in a models folder and goes with it: content, manifests, parts on their way, and whatever else somebody put there, models in folders of their own
// above all. Databases, locks and models in the making stay.
import { lstat, readdir, readlink } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { staysBehind } from './moveNote.ts'
import { blobsFolder, manifestsFolder, partialFolder, workFolder } from './storePaths.ts'

export interface TreeFile {
  /** Below the models folder. */
  readonly path: string
  readonly sizeBytes: number
  readonly changedAtMs: number
  /** Part of the store; else it lies beside it. */
  readonly isStored: boolean
  /** Of verified content, whose name is its sha256. */
  readonly isBlob: boolean
}

export interface Tree {
  /** Parents first. */
  readonly folders: readonly string[]
  readonly files: readonly TreeFile[]
  /** Links of other people's making, with what they lead to from the new place. */
  readonly links: readonly TreeLink[]
}

interface TreeLink extends Pick<TreeFile, 'path' | 'sizeBytes' | 'changedAtMs'> {
  readonly target: string
}

/** A folder that `hearth compile` has not finished. */
const unfinished = /^\.hearth-\d/

/** Rejects with the system's error where a folder cannot be read. Sockets, pipes and devices are left out. */
export async function readTree(root: string, target: string, signal: AbortSignal): Promise<Tree> {
  const skipped = new Set([...staysBehind(root), workFolder(root)])
  const stored = [blobsFolder(root), manifestsFolder(root), partialFolder(root)]
  const folders: string[] = []
  const files: TreeFile[] = []
  const links: TreeLink[] = []
  const walk = async (folder: string): Promise<void> => {
    signal.throwIfAborted()
    const entries = await readdir(folder, { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const full = join(folder, entry.name)
      if (skipped.has(full) || unfinished.test(entry.name)) continue
      const path = relative(root, full)
      if (entry.isDirectory()) {
        folders.push(path)
        await walk(full)
      } else if (entry.isSymbolicLink()) {
        const { size, mtimeMs } = await lstat(full)
        const leadsTo = movedLink(root, target, full, await readlink(full))
        links.push({ path, sizeBytes: size, changedAtMs: mtimeMs, target: leadsTo })
      } else if (entry.isFile()) {
        const { size, mtimeMs } = await lstat(full)
        const isStored = stored.includes(folder)
        const isBlob = folder === blobsFolder(root) && /^[0-9a-f]{64}$/.test(entry.name)
        files.push({ path, sizeBytes: size, changedAtMs: mtimeMs, isStored, isBlob })
      }
    }
  }
  await walk(root)
  return { folders, files, links }
}

export function isWithin(folder: string, path: string): boolean {
  const below = relative(folder, path)
  return below === '' || !(below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below))
}

/** A link that leads to somewhere in the folder leads to the same place in the new one; others lead where they led. */
function movedLink(root: string, target: string, link: string, leadsTo: string): string {
  const resolved = resolve(dirname(link), leadsTo)
  return isWithin(root, resolved) ? join(target, relative(root, resolved)) : resolved
}
