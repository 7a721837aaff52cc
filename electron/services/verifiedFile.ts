// A file of a model whose bytes are given only after their block was found to be what the manifest says. Blocks are hashed on Node's thread pool.
import { open } from 'node:fs/promises'
import { fileBlockBytes, type StoredFile } from '../../shared/model.ts'
import type { ByteRange } from './range.ts'

/** A block that has another hash, or is shorter than it was. */
export class DamagedBlock extends Error {
  override readonly name = 'DamagedBlock'
  readonly block: number
  constructor(file: string, block: number) {
    super(`${file}: block ${block} is damaged`)
    this.block = block
  }
}

export type VerifiableFile = StoredFile & { readonly path: string }

/** The hash of each block; null for a large file of a manifest of before, which has none but that of the whole file. */
export function blockHashes({ sizeBytes, sha256, blocks }: StoredFile): readonly string[] | null {
  if (sizeBytes <= fileBlockBytes) return [sha256]
  return blocks?.length === Math.ceil(sizeBytes / fileBlockBytes) ? blocks : null
}

export function canVerify(file: StoredFile): boolean {
  return blockHashes(file) !== null
}

/**
 * The bytes of a range, one block or a part of one at a time. The first block is checked before this resolves, each other one before it is enqueued.
 * Throws DamagedBlock and what the disk throws.
 */
export async function verifiedRange(
  file: VerifiableFile,
  { start, end }: ByteRange,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  let block = Math.floor(start / fileBlockBytes)
  const next = async () => {
    const bytes = await readBlock(file, block)
    const from = block * fileBlockBytes
    block += 1
    return bytes.subarray(Math.max(0, start - from), end + 1 - from)
  }
  let ready: Uint8Array<ArrayBuffer> | null = await next()
  return new ReadableStream(
    {
      async pull(controller) {
        controller.enqueue(ready ?? (await next()))
        ready = null
        if (block * fileBlockBytes > end) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}

/** The file is open no longer than this takes: nobody has to tell that an answer is given up. */
async function readBlock(file: VerifiableFile, block: number): Promise<Uint8Array<ArrayBuffer>> {
  await using handle = await open(file.path)
  const expected = blockHashes(file)?.[block]
  const bytes = new Uint8Array(Math.min(fileBlockBytes, file.sizeBytes - block * fileBlockBytes))
  let filled = 0
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, block * fileBlockBytes + filled)
    if (bytesRead === 0) throw new DamagedBlock(file.name, block)
    filled += bytesRead
  }
  const actual = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex')
  if (actual !== expected) throw new DamagedBlock(file.name, block)
  return bytes
}
