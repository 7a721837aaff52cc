// A file on its way: its bytes, and a journal with the sha256 of every finished block. The journal is only a claim: whoever opens the file again reads the
// blocks and believes those whose hash is right, so neither a killed process nor lost power can make a wrong byte count as a right one.
import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import type { HubFile } from '../hub/files.ts'
import type { PartPaths } from '../store/storePaths.ts'

export interface PartFile extends AsyncDisposable {
  /** Bytes from the first on that are on the disk with the hash of their blocks. */
  readonly verifiedBytes: number
  write(chunk: Uint8Array, position: number): Promise<void>
  /** A block is written: its line goes into the journal. */
  record(block: number, sha256: string): Promise<void>
  /** Forgets every block. */
  restart(): Promise<void>
  /** All bytes of the file, in order, from the disk. */
  read(signal: AbortSignal): AsyncIterable<Uint8Array>
  sync(): Promise<void>
}

/** Opens or creates; a journal of another file or block size starts anew. */
export async function openPart(paths: PartPaths, file: HubFile, blockBytes: number): Promise<PartFile> {
  const { sizeBytes, hash } = file
  const header = `hearth-part 1 ${sizeBytes} ${hash.kind} ${hash.hex} ${blockBytes}\n`
  const part = await openOrCreate(paths.part)
  const journal = await openOrCreate(paths.journal)
  const text = (await journal.readFile()).toString('latin1')
  let journalEnd = 0
  const restart = async () => {
    await journal.truncate(0)
    await writeAll(journal, Buffer.from(header), 0)
    journalEnd = header.length
  }
  let verifiedBytes = 0
  if (text.startsWith(header)) {
    // A line that was cut off ends here, or the next one would continue it.
    journalEnd = text.lastIndexOf('\n') + 1
    await journal.truncate(journalEnd)
    verifiedBytes = await verified(part, recorded(text.slice(header.length, journalEnd)), sizeBytes, blockBytes)
  } else await restart()
  return {
    verifiedBytes,
    write: (chunk, position) => writeAll(part, chunk, position),
    record: async (block, sha256) => {
      const line = Buffer.from(`${block} ${sha256}\n`)
      await writeAll(journal, line, journalEnd)
      journalEnd += line.length
    },
    restart,
    read: (signal) => blocks(part, sizeBytes, signal),
    sync: async () => {
      await part.datasync()
      await journal.datasync()
    },
    [Symbol.asyncDispose]: async () => {
      await part.close()
      await journal.close()
    },
  }
}

/** Later lines replace earlier ones; a line that is none says nothing. */
function recorded(lines: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  for (const line of lines.split('\n')) {
    const [, block, sha256 = ''] = /^(\d{1,10}) ([0-9a-f]{64})$/.exec(line) ?? []
    if (block !== undefined) found.set(Number(block), sha256)
  }
  return found
}

async function verified(part: FileHandle, hashes: ReadonlyMap<number, string>, sizeBytes: number, blockBytes: number) {
  const buffer = Buffer.allocUnsafe(Math.min(blockBytes, sizeBytes))
  for (let block = 0; block * blockBytes < sizeBytes; block++) {
    const length = Math.min(blockBytes, sizeBytes - block * blockBytes)
    const { bytesRead } = await part.read(buffer, 0, length, block * blockBytes)
    const isRight = bytesRead === length && sha256Of(buffer.subarray(0, length)) === hashes.get(block)
    if (!isRight) return block * blockBytes
  }
  return sizeBytes
}

async function* blocks(part: FileHandle, sizeBytes: number, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const buffer = Buffer.allocUnsafe(Math.min(2 ** 20, Math.max(sizeBytes, 1)))
  for (let position = 0; position < sizeBytes; ) {
    signal.throwIfAborted()
    const { bytesRead } = await part.read(buffer, 0, Math.min(buffer.length, sizeBytes - position), position)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    position += bytesRead
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function openOrCreate(path: string): Promise<FileHandle> {
  return await open(path, 'r+').catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return await open(path, 'wx+')
  })
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.byteLength - done, position + done)
    done += bytesWritten
  }
}
