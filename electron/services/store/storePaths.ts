// Every path of the store: the only module that joins a name to its folder. Hashes in hexadecimal, UUIDs and numbers become names here; names of people,
// repositories and files never do.
import { join } from 'node:path'
import type { FileHash } from '../hub/files.ts'

export interface PartPaths {
  readonly part: string
  readonly journal: string
}

/** Bytes on their way, named by the hash they must have. Throws where the hash is none. */
export function partPaths(storeFolder: string, hash: FileHash): PartPaths {
  const name = join(partialFolder(storeFolder), `${hash.kind}-${checked(hash.hex, hash.kind === 'sha256' ? 64 : 40)}`)
  return { part: `${name}.part`, journal: `${name}.journal` }
}

/** Bytes of a part that had the wrong hash, kept to find out which blocks differ. */
export function quarantinePaths(storeFolder: string, hash: FileHash): PartPaths {
  const { part, journal } = partPaths(storeFolder, hash)
  return { part: `${part}.wrong`, journal: `${journal}.wrong` }
}

export function partialFolder(storeFolder: string): string {
  return join(storeFolder, 'partial')
}

export function blobsFolder(storeFolder: string): string {
  return join(storeFolder, 'blobs')
}

/** Verified content. */
export function blobPath(storeFolder: string, sha256: string): string {
  return join(blobsFolder(storeFolder), checked(sha256, 64))
}

export function manifestsFolder(storeFolder: string): string {
  return join(storeFolder, 'manifests')
}

/** The bytes of a model's hearth.json, named by its key. */
export function manifestPath(storeFolder: string, key: string): string {
  return join(manifestsFolder(storeFolder), `${checked(key, 64)}.json`)
}

export function workFolder(storeFolder: string): string {
  return join(storeFolder, 'work')
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A model in the making, or a folder on its way out. */
export function draftFolder(storeFolder: string, id: string): string {
  if (!uuid.test(id)) throw new Error(`no UUID: ${JSON.stringify(id.slice(0, 80))}`)
  return join(workFolder(storeFolder), id)
}

/** A file of a model in the making, by number: the names that a manifest may hold are names of devices on some systems and twins on others. */
export function draftPath(storeFolder: string, id: string, file: number): string {
  if (!Number.isSafeInteger(file) || file < 0) throw new Error(`no number of a file: ${file}`)
  return join(draftFolder(storeFolder, id), String(file))
}

export function databasePath(storeFolder: string): string {
  return join(storeFolder, 'store.db')
}

export function lockPath(storeFolder: string): string {
  return join(storeFolder, 'store.lock.db')
}

/** A file to try out what the disk can do. */
export function probePath(storeFolder: string): string {
  return join(workFolder(storeFolder), 'probe')
}

/** What a look into one of the folders above found. For showing and asking its size; nothing is opened by it. */
export function entryOf(folder: string, name: string): string {
  return join(folder, name)
}

/** What a move of the folder leaves in both places while it goes on. */
export function movePath(storeFolder: string): string {
  return join(storeFolder, 'store.move.json')
}

function checked(hex: string, length: number): string {
  if (hex.length !== length || !/^[0-9a-f]+$/.test(hex)) throw new Error(`no hash: ${JSON.stringify(hex.slice(0, 80))}`)
  return hex
}
