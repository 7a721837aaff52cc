// Models of other programs on this computer. They are looked for and never changed: folders are listed, sizes are asked for, and no file is opened but a
// branch's name. What a cache holds is anybody's: a bad entry is left out, and a cache of any size takes a bounded time.
import type { Dirent } from 'node:fs'
import { open, opendir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { configFile } from '../../../shared/compiler/checkpoint/config.ts'
import { formOf } from '../../../shared/inspect/inspectSource.ts'
import { fencedFile } from '../fence.ts'
import { commitPattern, isRepositoryId } from '../hub/names.ts'
import type { ForeignPlace } from './foreignPlaces.ts'

export interface FoundForeign {
  /** The form of the weights: MLC's lie in Hugging Face's cache, too. */
  readonly kind: 'hugging-face-cache' | 'mlc'
  /** publisher/name */
  readonly name: string
  /** Of the folder's files, each counted once. */
  readonly sizeBytes: number
  /** Stays in the process. */
  readonly path: string
}

/** Entries that are looked at, of all places together; what is beyond is not found. */
const lookLimit = 100_000

/** By name; of a repository the snapshot of its main branch first. Rejects only with the signal's reason. */
export async function findForeign(
  places: readonly ForeignPlace[],
  signal: AbortSignal,
  limit: number = lookLimit,
): Promise<readonly FoundForeign[]> {
  const looks = { left: limit }
  const found: FoundForeign[] = []
  const seen = new Set<string>()
  for (const { kind, folder } of places) {
    const root = await realpath(folder).catch(() => null)
    if (root === null || seen.has(root)) continue
    seen.add(root)
    const scan = { root, looks, signal, found }
    if (kind === 'mlc') await scanWeights(scan, root, [])
    else await scanHubCache(scan)
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

interface Scan {
  readonly root: string
  readonly looks: { left: number }
  readonly signal: AbortSignal
  readonly found: FoundForeign[]
}

/** models--publisher--name/snapshots/<commit>. Folders that are links are not gone into. */
async function scanHubCache(scan: Scan): Promise<void> {
  for (const { name: repository } of await foldersOf(scan, scan.root)) {
    const id = /^models--(.+)$/.exec(repository)?.[1]?.replaceAll('--', '/')
    if (id === undefined || !isRepositoryId(id)) continue
    const folder = join(scan.root, repository)
    const commits = (await foldersOf(scan, join(folder, 'snapshots'))).filter(({ name }) => commitPattern.test(name))
    if (commits.length === 0) continue
    const main = await mainCommit(scan, folder)
    for (const { name: commit } of [...commits].sort((a, b) => Number(b.name === main) - Number(a.name === main)))
      await addFolder(scan, join(folder, 'snapshots', commit), id)
  }
}

/** hf/publisher/name, and the same without hf. */
async function scanWeights(scan: Scan, folder: string, names: readonly string[]): Promise<void> {
  for (const { name } of await foldersOf(scan, folder)) {
    const path = [...names, name]
    const id = path.slice(-2).join('/')
    const isModel = isRepositoryId(id) && (await addFolder(scan, join(folder, name), id))
    if (!isModel && path.length < 3) await scanWeights(scan, join(folder, name), path)
  }
}

const weights = /(\.safetensors|^pytorch_model.*\.bin)$/

/** Adds the folder where it is a model, and gives whether it is. One whose links lead out of its cache is none. */
async function addFolder({ root, looks, signal, found }: Scan, path: string, name: string): Promise<boolean> {
  const files = new Map<string, number>()
  const names: string[] = []
  for (const entry of await entriesOf(path, looks, signal)) {
    signal.throwIfAborted()
    if (entry.isDirectory()) continue
    const file = await fencedFile(join(path, entry.name), root)
    if (file.kind === 'outside') return false
    if (file.kind === 'none') continue
    names.push(entry.name)
    files.set(file.path, file.sizeBytes)
  }
  const isReady = formOf(names) === 'ready'
  if (!isReady && !(names.includes(configFile) && names.some((file) => weights.test(file)))) return false
  const sizeBytes = [...files.values()].reduce((sum, size) => sum + size, 0)
  found.push({ kind: isReady ? 'mlc' : 'hugging-face-cache', name, sizeBytes, path })
  return true
}

async function foldersOf({ looks, signal }: Scan, folder: string): Promise<readonly Dirent[]> {
  return (await entriesOf(folder, looks, signal)).filter((entry) => entry.isDirectory())
}

/** In the order of their names, as far as the limit goes. None of a folder that cannot be read. */
async function entriesOf(folder: string, looks: { left: number }, signal: AbortSignal): Promise<readonly Dirent[]> {
  const entries: Dirent[] = []
  looks.left -= 1
  try {
    // A folder is read in parts: one of millions of entries does not have to fit.
    for await (const entry of await opendir(folder, { bufferSize: 256 })) {
      signal.throwIfAborted()
      if (looks.left <= 0) break
      looks.left -= 1
      entries.push(entry)
    }
  } catch {
    signal.throwIfAborted()
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** What refs/main says; null where it says no commit. */
async function mainCommit({ root }: Scan, repository: string): Promise<string | null> {
  const file = await fencedFile(join(repository, 'refs', 'main'), root)
  if (file.kind !== 'file' || file.sizeBytes > 64) return null
  try {
    await using handle = await open(file.path, 'r')
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0)
    const commit = buffer.toString('latin1', 0, bytesRead).trim()
    return commitPattern.test(commit) ? commit : null
  } catch {
    return null
  }
}
