// The two ways in which bytes enter and leave the compiler. Node's implementation stands in electron/services/files.ts.

/** A file that is read by offset, never as a whole. */
export interface ByteSource {
  readonly sizeBytes: number
  /** Exactly `length` bytes from `offset`; rejects when the file ends before. The caller owns the bytes. */
  readonly read: (offset: number, length: number, signal: AbortSignal) => Promise<Uint8Array>
}

/** A checkpoint folder. Names are plain file names: a source never opens anything outside its folder. */
export interface ModelSource {
  readonly names: () => Promise<readonly string[]>
  /** Rejects when there is no such file. */
  readonly open: (name: string) => Promise<ByteSource>
  /** sha256 of the whole file, lower-case hex. `onBytes` is told of what was read since it was last told. */
  readonly sha256: (name: string, signal: AbortSignal, onBytes?: (sizeBytes: number) => void) => Promise<string>
}

/** Where a model is written. Nothing written is a model before the owner of the sink commits it. */
export interface ModelSink {
  /** Appends to the file, creating it first. The chunk may be reused once the promise has resolved. */
  readonly write: (name: string, chunk: Uint8Array, signal: AbortSignal) => Promise<void>
}

/** An incremental hash; `hex` ends it. */
export interface Hasher {
  readonly update: (chunk: Uint8Array) => void
  readonly hex: () => string
}
export interface Hashers {
  readonly sha256: () => Hasher
  readonly md5: () => Hasher
}

/** Reads a file as a whole, refusing one above `limitBytes`: for configurations and tokenizers. */
export async function readWhole(source: ByteSource, limitBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  if (source.sizeBytes > limitBytes)
    throw new RangeError(`${source.sizeBytes} bytes, expected at most ${limitBytes} bytes`)
  return await source.read(0, source.sizeBytes, signal)
}
