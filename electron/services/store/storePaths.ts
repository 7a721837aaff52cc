// Every path of the store. Only hexadecimal hashes become names here; names of people, repositories and files never do.
import { join } from 'node:path'
import type { FileHash } from '../hub/files.ts'

export interface PartPaths {
  readonly part: string
  readonly journal: string
}

/** Bytes on their way, named by the hash they must have. Throws where the hash is none. */
export function partPaths(storeFolder: string, hash: FileHash): PartPaths {
  const name = join(storeFolder, 'partial', `${hash.kind}-${checked(hash.hex, hash.kind === 'sha256' ? 64 : 40)}`)
  return { part: `${name}.part`, journal: `${name}.journal` }
}

/** Verified content. */
export function blobPath(storeFolder: string, sha256: string): string {
  return join(storeFolder, 'blobs', checked(sha256, 64))
}

function checked(hex: string, length: number): string {
  if (hex.length !== length || !/^[0-9a-f]+$/.test(hex)) throw new Error(`no hash: ${JSON.stringify(hex.slice(0, 80))}`)
  return hex
}
