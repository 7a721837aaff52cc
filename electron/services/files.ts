// Folders for the compiler: a checkpoint that is read by offset, and a model folder that appears wholly or not at all.
import { createHash, randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { ByteSource, Hashers, ModelSink, ModelSource } from '../../shared/compiler/checkpoint/bytes.ts'
import { CompileError } from '../../shared/errors.ts'
import { fencedFile, hubCacheOf } from './fence.ts'

export const nodeHashers: Hashers = { sha256: () => hasher('sha256'), md5: () => hasher('md5') }

function hasher(algorithm: string) {
  const hash = createHash(algorithm)
  return {
    update: (chunk: Uint8Array) => {
      hash.update(chunk)
    },
    hex: () => hash.digest('hex'),
  }
}

const hashChunkBytes = 4 * 2 ** 20

export interface FolderSource extends ModelSource, AsyncDisposable {}

/**
 * Opens a folder for reading. Only names that stand in it are opened. Links lead where they lead in a folder of a person's own; in a snapshot of a Hugging
 * Face cache one that leads out of the cache makes it reject.
 */
export async function openFolder(folder: string): Promise<FolderSource> {
  const files = await listFiles(resolve(folder))
  const names: readonly string[] = [...files.keys()].sort()
  const handles = new Map<string, Promise<FileHandle>>()
  const handleOf = (name: string): Promise<FileHandle> => {
    const path = files.get(name)
    if (path === undefined) return Promise.reject(new CompileError(name, '', 'not found'))
    const handle = handles.get(name) ?? open(path, 'r')
    handles.set(name, handle)
    return handle
  }
  return {
    names: async () => names,
    open: async (name): Promise<ByteSource> => {
      const handle = await handleOf(name)
      const { size } = await handle.stat()
      return { sizeBytes: size, read: (offset, length, signal) => readExactly(handle, name, offset, length, signal) }
    },
    sha256: async (name, signal, onBytes) => {
      return await hashFile(await handleOf(name), signal, onBytes)
    },
    [Symbol.asyncDispose]: async () => {
      for (const handle of handles.values()) await (await handle.catch(() => null))?.close()
    },
  }
}

/** Names and the paths they are opened by. */
async function listFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new CompileError(
      basename(folder),
      '',
      cause.code === 'ENOENT' ? 'no such folder' : 'cannot be read as a folder',
      { cause },
    )
  })
  const cache = hubCacheOf(await realpath(folder)) ?? hubCacheOf(folder)
  const fence = cache && (await realpath(cache))
  const files = await Promise.all(
    entries.map(async (name): Promise<readonly (readonly [name: string, path: string])[]> => {
      const path = join(folder, name)
      if (fence === null) return (await stat(path).catch(() => null))?.isFile() ? [[name, path]] : []
      const file = await fencedFile(path, fence)
      if (file.kind === 'outside') throw new CompileError(name, '', 'it is a link that leads out of its cache')
      return file.kind === 'file' ? [[name, file.path]] : []
    }),
  )
  return new Map(files.flat())
}

/** sha256 of the whole file, lower-case hex. `onBytes` is told of what was read since it was last told. */
export async function hashFile(
  handle: FileHandle,
  signal: AbortSignal,
  onBytes?: (sizeBytes: number) => void,
): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(hashChunkBytes)
  for (let position = 0; ; ) {
    signal.throwIfAborted()
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
    position += bytesRead
    onBytes?.(bytesRead)
  }
}

/** Throws CompileError where the file ends before. */
export async function readExactly(
  handle: FileHandle,
  name: string,
  offset: number,
  length: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  signal.throwIfAborted()
  const bytes = new Uint8Array(length)
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done)
    if (bytesRead === 0) throw new CompileError(name, `byte ${offset + done}`, 'the file ends early')
    done += bytesRead
  }
  return bytes
}

export interface FolderSink extends ModelSink, AsyncDisposable {
  /** Makes the folder appear under its name: the last step. Fails when something is there already. */
  readonly commit: () => Promise<void>
}

const temporaryPrefix = '.hearth-'
const writtenName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/**
 * A folder to be: files are written to a hidden folder beside `target`, which takes that name on commit. Disposing before commit removes everything.
 * What a killed process left is removed here the next time.
 */
export async function createFolder(target: string): Promise<FolderSink> {
  const parent = dirname(resolve(target))
  await mkdir(parent, { recursive: true })
  await removeAbandoned(parent)
  if (await exists(target)) throw alreadyThere(target)
  const temporary = join(parent, `${temporaryPrefix}${process.pid}-${randomBytes(6).toString('hex')}`)
  await mkdir(temporary)
  const handles = new Map<string, FileHandle>()
  const closeAll = async () => {
    for (const handle of handles.values()) await handle.close()
    handles.clear()
  }
  return {
    write: async (name, chunk, signal) => {
      signal.throwIfAborted()
      if (!writtenName.test(name)) throw new Error(`${JSON.stringify(name)} is no file name for a model`)
      const handle = handles.get(name) ?? (await open(join(temporary, name), 'wx'))
      handles.set(name, handle)
      for (let done = 0; done < chunk.byteLength; ) {
        const { bytesWritten } = await handle.write(chunk, done, chunk.byteLength - done)
        done += bytesWritten
      }
    },
    commit: async () => {
      for (const handle of handles.values()) await handle.sync()
      await closeAll()
      if (await exists(target)) throw alreadyThere(target)
      // Where two get here at once, one finds the other's folder in its place.
      await rename(temporary, target).catch((cause: NodeJS.ErrnoException) => {
        throw cause.code === 'ENOTEMPTY' || cause.code === 'EEXIST' || cause.code === 'EPERM'
          ? alreadyThere(target, cause)
          : cause
      })
      await syncFolder(parent)
    },
    [Symbol.asyncDispose]: async () => {
      await closeAll()
      await rm(temporary, { recursive: true, force: true })
    },
  }
}

function alreadyThere(target: string, cause?: unknown): CompileError {
  return new CompileError(basename(target), '', 'is there already', { cause })
}

/** Removes temporary folders whose process is gone. */
export async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = new RegExp(`^\\${temporaryPrefix}(\\d{1,10})-[0-9a-f]{12}$`).exec(name)?.[1]
    if (pid === undefined || isRunning(Number(pid))) continue
    await rm(join(parent, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null
}

/** Makes the rename itself durable; Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
