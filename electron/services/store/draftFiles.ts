// The files of a model in the making: written one after the other or by turns, hashed as they pass, and under numbers, because their names come from a
// checkpoint. Few are open at a time: a large model has more files than some systems let a program open.
import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'

export interface WrittenFile {
  readonly path: string
  readonly sizeBytes: number
  readonly sha256: string
}

export interface DraftFiles {
  /** Appends; the first write creates the file. */
  write(name: string, chunk: Uint8Array): Promise<void>
  /** Everything is on the disk; by name. */
  finish(): Promise<ReadonlyMap<string, WrittenFile>>
  close(): Promise<void>
}

interface OpenFile {
  readonly path: string
  readonly hash: Hash
  sizeBytes: number
  handle: FileHandle | null
}

const fileName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
const openAtOnce = 8

export function createDraftFiles(pathOf: (index: number) => string): DraftFiles {
  const files = new Map<string, OpenFile>()
  /** Longest unused first. */
  const opened = new Set<OpenFile>()
  const closeOne = async (file: OpenFile) => {
    opened.delete(file)
    const { handle } = file
    file.handle = null
    await handle?.sync()
    await handle?.close()
  }
  const handleOf = async (file: OpenFile): Promise<FileHandle> => {
    opened.delete(file)
    opened.add(file)
    file.handle ??= await open(file.path, file.sizeBytes === 0 ? 'wx' : 'a')
    for (const other of opened) if (opened.size > openAtOnce && other !== file) await closeOne(other)
    return file.handle
  }
  return {
    async write(name, chunk) {
      if (!fileName.test(name)) throw new Error(`${JSON.stringify(name.slice(0, 80))} is no file name for a model`)
      const file = files.get(name) ?? {
        path: pathOf(files.size),
        hash: createHash('sha256'),
        sizeBytes: 0,
        handle: null,
      }
      files.set(name, file)
      const handle = await handleOf(file)
      for (let done = 0; done < chunk.byteLength; ) {
        const { bytesWritten } = await handle.write(chunk, done, chunk.byteLength - done)
        done += bytesWritten
      }
      file.hash.update(chunk)
      file.sizeBytes += chunk.byteLength
    },
    async finish() {
      for (const file of [...opened]) await closeOne(file)
      return new Map(
        [...files].map(([name, { path, sizeBytes, hash }]) => [
          name,
          { path, sizeBytes, sha256: hash.copy().digest('hex') },
        ]),
      )
    },
    async close() {
      for (const { handle } of opened) await handle?.close().catch(() => undefined)
      opened.clear()
    },
  }
}
