// A file on its way: its bytes, and a journal with the sha256 of every finished block. The journal is only a claim: whoever opens the file again reads the
// blocks and believes those whose hash is right, so neither a killed process nor lost power can make a wrong byte count as a right one.
import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { HubFile } from '../hub/files.ts'
import type { PartPaths } from '../store/storePaths.ts'

export interface PartFile extends AsyncDisposable {
  /** Blocks that are on the disk with the hash that the journal gives; grows with `record`. */
  readonly blocks: ReadonlyMap<number, string>
  write(chunk: Uint8Array, position: number): Promise<void>
  /** A block is written. Its line goes into the journal with the next `sync`, after the bytes themselves are safe. */
  record(block: number, sha256: string): void
  /** Makes everything so far last: first the bytes, then the lines that claim them. */
  sync(): Promise<void>
  /** Forgets every block. */
  restart(): Promise<void>
  /** Bytes from the disk; fewer where the file ends. */
  readBlock(position: number, length: number): Promise<Uint8Array>
}

/** Opens or creates; a journal of another file or block size starts anew. */
export async function openPart(paths: PartPaths, file: HubFile, blockBytes: number): Promise<PartFile> {
  await mkdir(dirname(paths.part), { recursive: true })
  const part = await openOrCreate(paths.part)
  try {
    const journal = await openOrCreate(paths.journal)
    try {
      return await believed(part, journal, file, blockBytes)
    } catch (error) {
      await journal.close()
      throw error
    }
  } catch (error) {
    await part.close()
    throw error
  }
}

async function believed(
  part: FileHandle,
  journal: FileHandle,
  { sizeBytes, hash }: HubFile,
  blockBytes: number,
): Promise<PartFile> {
  const header = `hearth-part 1 ${sizeBytes} ${hash.kind} ${hash.hex} ${blockBytes}\n`
  // Nothing lies behind the last byte of a file that becomes content.
  if ((await part.stat()).size > sizeBytes) await part.truncate(sizeBytes)
  const text = (await journal.readFile()).toString('latin1')
  const blocks = new Map<number, string>()
  let journalEnd = 0
  let unwritten = ''
  let syncing = Promise.resolve()
  const restart = async () => {
    blocks.clear()
    unwritten = ''
    await journal.truncate(0)
    await writeAll(journal, Buffer.from(header), 0)
    journalEnd = header.length
  }
  const syncNow = async () => {
    if (unwritten === '') return
    const lines = Buffer.from(unwritten)
    unwritten = ''
    await part.datasync()
    await writeAll(journal, lines, journalEnd)
    journalEnd += lines.length
    await journal.datasync()
  }
  const readBlock = (position: number, length: number) => readAt(part, position, length)
  if (text.startsWith(header)) {
    // A line that was cut off ends here, or the next one would continue it.
    journalEnd = text.lastIndexOf('\n') + 1
    await journal.truncate(journalEnd)
    for (const [block, sha256] of recorded(text.slice(header.length, journalEnd))) {
      const position = block * blockBytes
      if (position >= sizeBytes) continue
      const bytes = await readBlock(position, Math.min(blockBytes, sizeBytes - position))
      if (sha256Of(bytes) === sha256) blocks.set(block, sha256)
    }
  } else await restart()
  return {
    blocks,
    write: (chunk, position) => writeAll(part, chunk, position),
    record(block, sha256) {
      blocks.set(block, sha256)
      unwritten += `${block} ${sha256}\n`
    },
    sync() {
      // One after the other: each writes its lines behind those of the one before.
      syncing = syncing.catch(() => undefined).then(syncNow)
      return syncing
    },
    restart,
    readBlock,
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

async function readAt(part: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(Math.max(length, 0))
  let done = 0
  while (done < length) {
    const { bytesRead } = await part.read(buffer, done, length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return buffer.subarray(0, done)
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
