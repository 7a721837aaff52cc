// The hash of a file as it comes, in the form its listing gives: sha256, or git's blob id.
import { createHash } from 'node:crypto'
import type { HubFile } from './files.ts'

export interface FileCheck {
  update(chunk: Uint8Array): void
  /** Once, at the end: null when size and hash are those of the listing, else what is different. */
  problem(): string | null
}

/** Of all bytes from the first. */
export function fileCheck({ sizeBytes, hash }: HubFile): FileCheck {
  const digest = createHash(hash.kind === 'sha256' ? 'sha256' : 'sha1')
  if (hash.kind === 'git-blob') digest.update(`blob ${sizeBytes}\0`)
  let seen = 0
  return {
    update(chunk) {
      seen += chunk.byteLength
      digest.update(chunk)
    },
    problem() {
      if (seen !== sizeBytes) return `expected ${sizeBytes} bytes, got ${seen}`
      const hex = digest.digest('hex')
      return hex === hash.hex ? null : `expected the hash ${hash.hex}, got ${hex}`
    },
  }
}
