// A checkpoint that is still on its way, as the compiler reads it: a read waits until its file is there and verified. Headers alone may be read before
// that, from bytes that nobody has verified: what they said is remembered, and compared once the file is there.
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import type { ByteSource, ModelSource } from '../../../shared/compiler/checkpoint/bytes.ts'
import { CompileError } from '../../../shared/errors.ts'
import { hashFile, readExactly } from '../files.ts'
import { ServiceError } from '../serviceError.ts'

export interface InputFile {
  readonly name: string
  readonly sizeBytes: number
}

/** Where a file's bytes are, for reading only. */
export interface InputPlace {
  readonly path: string
  /** null: to be made from the bytes. */
  readonly sha256: string | null
}

export interface StreamingOptions {
  /** Every file there will be. */
  readonly files: readonly InputFile[]
  /** Resolves once the file is there and its bytes are verified. */
  readonly place: (name: string, signal: AbortSignal) => Promise<InputPlace>
  /** Bytes of a file that is not there yet; null where nobody has them, or where it is there. */
  readonly early: (name: string, offset: number, length: number, signal: AbortSignal) => Promise<Uint8Array | null>
}

export interface StreamingSource extends ModelSource, AsyncDisposable {
  /** Waits for every file and compares what was read early. Nothing may be committed before. Throws ServiceError wrong-bytes. */
  settle(signal: AbortSignal): Promise<void>
}

interface EarlyRead {
  readonly offset: number
  readonly length: number
  readonly sha256: string
}

/** Length and JSON of a safetensors file's header: the reads that are worth not waiting for. */
const headerStarts: ReadonlySet<number> = new Set([0, 8])
const maximumEarlyBytes = 16 * 2 ** 20

export function streamingSource({ files, place, early }: StreamingOptions): StreamingSource {
  const handles = new Map<string, Promise<FileHandle>>()
  const earlyReads = new Map<string, EarlyRead[]>()
  const fileOf = (name: string): InputFile => {
    const file = files.find((one) => one.name === name)
    if (file === undefined) throw new CompileError(name, '', 'not found')
    return file
  }
  /** The open file, compared with what was read of it before. */
  const handleOf = (name: string, signal: AbortSignal): Promise<FileHandle> => {
    const known = handles.get(name)
    if (known !== undefined) return known
    const opening = openVerified(name, signal)
    handles.set(name, opening)
    opening.catch(() => undefined)
    return opening
  }
  const openVerified = async (name: string, signal: AbortSignal) => {
    const handle = await open((await place(name, signal)).path, 'r')
    try {
      for (const { offset, length, sha256 } of earlyReads.get(name) ?? []) {
        const actual = sha256Of(await readExactly(handle, name, offset, length, signal))
        if (actual !== sha256)
          throw new ServiceError({ code: 'wrong-bytes', file: name, expected: actual, actual: sha256 })
      }
      return handle
    } catch (error) {
      await handle.close()
      throw error
    }
  }
  const isHeader = (name: string, offset: number, length: number) =>
    name.endsWith('.safetensors') && headerStarts.has(offset) && length <= maximumEarlyBytes
  return {
    names: async () => files.map(({ name }) => name),
    open: async (name): Promise<ByteSource> => {
      const { sizeBytes } = fileOf(name)
      return {
        sizeBytes,
        read: async (offset, length, signal) => {
          const bytes =
            !handles.has(name) && isHeader(name, offset, length) ? await early(name, offset, length, signal) : null
          if (bytes === null) return await readExactly(await handleOf(name, signal), name, offset, length, signal)
          const reads = earlyReads.get(name) ?? []
          reads.push({ offset, length, sha256: sha256Of(bytes) })
          earlyReads.set(name, reads)
          return bytes
        },
      }
    },
    sha256: async (name, signal, onBytes) => {
      const { sizeBytes } = fileOf(name)
      const { sha256 } = await place(name, signal)
      if (sha256 === null) return await hashFile(await handleOf(name, signal), signal, onBytes)
      onBytes?.(sizeBytes)
      return sha256
    },
    settle: async (signal) => {
      for (const { name } of files) {
        await place(name, signal)
        if (earlyReads.has(name)) await handleOf(name, signal)
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const handle of handles.values()) await (await handle.catch(() => null))?.close()
    },
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
