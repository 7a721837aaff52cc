// Everything a model folder will hold passes through here, so that the manifest knows every file's size and sha256 without reading it again, and of large
// files the sha256 of every block.
import { fileBlockBytes, type StoredFile } from '../model.ts'
import type { Hasher, Hashers, ModelSink } from './checkpoint/bytes.ts'

export interface Ledger {
  readonly write: ModelSink['write']
  /** Writes a file of one piece. */
  readonly writeText: (name: string, text: string, signal: AbortSignal) => Promise<void>
  /** Ends the hashes: every file written so far, by name. */
  readonly close: () => readonly StoredFile[]
}

interface OpenFile {
  sizeBytes: number
  readonly hash: Hasher
  readonly blocks: BlockHashes
}

export function createLedger(sink: ModelSink, hashers: Hashers, blockBytes: number = fileBlockBytes): Ledger {
  const open = new Map<string, OpenFile>()
  const write: Ledger['write'] = async (name, chunk, signal) => {
    signal.throwIfAborted()
    const file = open.get(name) ?? {
      sizeBytes: 0,
      hash: hashers.sha256(),
      blocks: createBlockHashes(hashers, blockBytes),
    }
    open.set(name, file)
    file.sizeBytes += chunk.byteLength
    file.hash.update(chunk)
    file.blocks.update(chunk)
    await sink.write(name, chunk, signal)
  }
  return {
    write,
    writeText: async (name, text, signal) => await write(name, new TextEncoder().encode(text), signal),
    close: () =>
      [...open]
        .map(([name, { sizeBytes, hash, blocks }]) => {
          const file = { name, sizeBytes, sha256: hash.hex() }
          return sizeBytes > blockBytes ? { ...file, blocks: [...blocks.close()] } : file
        })
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

export interface BlockHashes {
  readonly update: (chunk: Uint8Array) => void
  /** Ends the last block: all hashes in order, one at least. */
  readonly close: () => readonly string[]
}

/** sha256 of each `blockBytes` of what passes, wherever the chunks end. */
export function createBlockHashes(hashers: Pick<Hashers, 'sha256'>, blockBytes: number): BlockHashes {
  const closed: string[] = []
  let hash = hashers.sha256()
  let filledBytes = 0
  return {
    update(chunk) {
      for (let start = 0; start < chunk.byteLength; ) {
        if (filledBytes === blockBytes) {
          closed.push(hash.hex())
          hash = hashers.sha256()
          filledBytes = 0
        }
        const end = Math.min(chunk.byteLength, start + blockBytes - filledBytes)
        hash.update(chunk.subarray(start, end))
        filledBytes += end - start
        start = end
      }
    },
    close: () => [...closed, hash.hex()],
  }
}

/** JSON as it stands in a model folder: equal data, equal bytes. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
