// Everything a model folder will hold passes through here, so that the manifest knows every file's size and sha256 without reading it again.
import type { StoredFile } from '../model.ts'
import type { Hasher, Hashers, ModelSink } from './checkpoint/bytes.ts'

export interface Ledger {
  readonly write: ModelSink['write']
  /** Writes a file of one piece. */
  readonly writeText: (name: string, text: string, signal: AbortSignal) => Promise<void>
  /** Ends the hashes: every file written so far, by name. */
  readonly close: () => readonly StoredFile[]
}

export function createLedger(sink: ModelSink, hashers: Hashers): Ledger {
  const open = new Map<string, { sizeBytes: number; readonly hash: Hasher }>()
  const write: Ledger['write'] = async (name, chunk, signal) => {
    signal.throwIfAborted()
    const file = open.get(name) ?? { sizeBytes: 0, hash: hashers.sha256() }
    open.set(name, file)
    file.sizeBytes += chunk.byteLength
    file.hash.update(chunk)
    await sink.write(name, chunk, signal)
  }
  return {
    write,
    writeText: async (name, text, signal) => await write(name, new TextEncoder().encode(text), signal),
    close: () =>
      [...open]
        .map(([name, { sizeBytes, hash }]) => ({ name, sizeBytes, sha256: hash.hex() }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

/** JSON as it stands in a model folder: equal data, equal bytes. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
