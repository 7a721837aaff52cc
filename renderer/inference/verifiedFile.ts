// Reads a file of a model into memory that web-llm may have: each block is hashed while the next ones are on their way, and nothing is
// given before all of it was found to be what the manifest says. Large files come as ranges of one block, a few at a time.
import { fileBlockBytes, modelFileUrl, type StoredFile, weightsFileUrl } from '../../shared/model.ts'
import { InferenceError } from './inferenceError.ts'

export interface FileReading {
  readonly key: string
  readonly index: number
  readonly file: StoredFile
}

export interface ReadParts {
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>
  readonly sha256: (bytes: Uint8Array<ArrayBuffer>) => Promise<string>
  /** Is told of bytes that have arrived, checked or not. */
  readonly arrived: (bytes: number) => void
}

/** Ranges on their way at once: one pipe alone waits more than it carries. */
const lanes = 3
const pieceBytes = 2 ** 20

/**
 * Fills `target`, which is as long as the file. Throws InferenceError: damaged-file for a wrong hash, load-failed for what cannot be read. On failure the
 * content of `target` means nothing.
 */
export async function readVerified(
  reading: FileReading,
  target: Uint8Array<ArrayBuffer>,
  parts: ReadParts,
): Promise<void> {
  const { file } = reading
  const blockCount = Math.max(1, Math.ceil(file.sizeBytes / fileBlockBytes))
  const hashes = blockCount === 1 ? [file.sha256] : file.blocks?.length === blockCount ? file.blocks : null
  let next = 0
  let failed = false
  const lane = async () => {
    while (next < blockCount && !failed) {
      const block = next++
      const bytes = target.subarray(block * fileBlockBytes, (block + 1) * fileBlockBytes)
      try {
        await fill(reading, block, bytes, parts)
        if (hashes !== null && (await parts.sha256(bytes)) !== hashes[block]) throw damaged(reading, block)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(lanes, blockCount) }, lane))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  // Manifests of before know the hash of the whole file only.
  if (hashes === null && (await parts.sha256(target)) !== file.sha256) throw damaged(reading, null)
}

/** Gets one block, without checking it. */
async function fill(
  reading: FileReading,
  block: number,
  bytes: Uint8Array<ArrayBuffer>,
  { fetch, arrived }: ReadParts,
): Promise<void> {
  const { key, index, file } = reading
  const start = block * fileBlockBytes
  const response =
    file.sizeBytes <= fileBlockBytes
      ? await fetch(modelFileUrl(key, index))
      : await fetch(weightsFileUrl(key, index), { headers: { range: `bytes=${start}-${start + bytes.length - 1}` } })
  if (response.status === 422) throw damaged(reading, block)
  if (!response.ok || response.body === null) {
    throw new InferenceError({ code: 'load-failed', detail: `${file.name}: the store answered ${response.status}` })
  }
  let filled = 0
  // Into the same piece of memory again and again: fresh memory for every chunk costs more than the copy.
  const reader = response.body.getReader({ mode: 'byob' })
  let piece = new Uint8Array(Math.min(pieceBytes, bytes.length + 1))
  for (;;) {
    const { done, value } = await reader.read(piece)
    if (done || value === undefined) break
    if (filled + value.length > bytes.length) throw damaged(reading, block)
    bytes.set(value, filled)
    filled += value.length
    arrived(value.length)
    piece = new Uint8Array(value.buffer)
  }
  if (filled !== bytes.length) throw damaged(reading, block)
}

function damaged({ key, file }: FileReading, block: number | null): InferenceError {
  return new InferenceError({ code: 'damaged-file', key, file: file.name, block })
}

/** Of WebCrypto, which hashes on the thread that asks (Chromium 148). */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
