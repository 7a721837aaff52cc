// Records what a program asks of the disk: writes, syncs and names below one folder, and each commit of SQLite, which is believed to be whole and lasting.
import { readFileSync } from 'node:fs'
import promises, { type FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { DatabaseSync, StatementSync } from 'node:sqlite'

/** Paths are relative to the folder; `''` is the folder itself. A file keeps its number whatever it is called. */
export type DiskEvent =
  | { readonly kind: 'create'; readonly path: string; readonly file: number }
  | { readonly kind: 'write'; readonly file: number; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly file: number; readonly length: number }
  | { readonly kind: 'sync'; readonly file: number }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string; readonly file: number }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'mkdir'; readonly path: string }
  | { readonly kind: 'syncFolder'; readonly path: string }
  | { readonly kind: 'database'; readonly files: ReadonlyMap<string, Uint8Array> }

const databaseFiles = ['store.db', 'store.db-wal'] as const

export interface Recording extends Disposable {
  readonly events: readonly DiskEvent[]
}

/** From now on until it is disposed. One at a time. */
export function recordDisk(folder: string): Recording {
  const events: DiskEvent[] = []
  const files = new Map<string, number>()
  let count = 0
  const inside = (path: unknown): string | null => {
    const found = relative(folder, String(path))
    return found.startsWith('..') ? null : found
  }
  const { open, rename, rm, mkdir } = promises
  const { run } = StatementSync.prototype
  const { exec } = DatabaseSync.prototype

  const watched = (handle: FileHandle, file: number): FileHandle =>
    new Proxy(handle, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        const call = value.bind(target) as (...parameters: readonly unknown[]) => unknown
        if (name === 'write')
          return (buffer: Uint8Array, offset: number, length: number, position: number) => {
            events.push({
              kind: 'write',
              file,
              position,
              bytes: Uint8Array.from(buffer.subarray(offset, offset + length)),
            })
            return call(buffer, offset, length, position)
          }
        if (name === 'truncate')
          return (length: number) => {
            events.push({ kind: 'truncate', file, length })
            return call(length)
          }
        if (name === 'datasync' || name === 'sync')
          return async () => {
            // What was written before the call is safe once it has returned.
            const before = events.length
            await call()
            syncedAt(events, before, { kind: 'sync', file })
          }
        return call
      },
    })

  promises.open = async (path, flags, mode) => {
    const name = inside(path)
    const handle = await open(path, flags, mode)
    if (name === null || name.startsWith('store.')) return handle
    if ((await handle.stat()).isDirectory())
      return folderHandle(handle, () => events.push({ kind: 'syncFolder', path: name }))
    const known = files.get(name)
    const file = known ?? count++
    files.set(name, file)
    if (known === undefined) events.push({ kind: 'create', path: name, file })
    return watched(handle, file)
  }
  promises.rename = async (from, to) => {
    await rename(from, to)
    const [before, after] = [inside(from), inside(to)]
    if (before === null || after === null) return
    const file = files.get(before)
    if (file === undefined) throw new Error(`${before} was not made here`)
    files.delete(before)
    files.set(after, file)
    events.push({ kind: 'rename', from: before, to: after, file })
  }
  promises.rm = async (path, options) => {
    await rm(path, options)
    const name = inside(path)
    if (name === null || !files.delete(name)) return
    events.push({ kind: 'remove', path: name })
  }
  promises.mkdir = (async (path, options) => {
    const made = await mkdir(path, options)
    const name = inside(path)
    if (name !== null && name !== '') events.push({ kind: 'mkdir', path: name })
    return made
  }) as typeof promises.mkdir
  const committed = () => {
    const found = databaseFiles.flatMap((name) => {
      try {
        return [[name, new Uint8Array(readFileSync(join(folder, name)))] as const]
      } catch {
        return []
      }
    })
    events.push({ kind: 'database', files: new Map(found) })
  }
  StatementSync.prototype.run = function (...parameters: readonly unknown[]) {
    const result = Reflect.apply(run, this, parameters) as ReturnType<typeof run>
    committed()
    return result
  }
  DatabaseSync.prototype.exec = function (sql) {
    exec.call(this, sql)
    committed()
  }
  syncBuiltinESMExports()
  return {
    events,
    [Symbol.dispose]() {
      Object.assign(promises, { open, rename, rm, mkdir })
      StatementSync.prototype.run = run
      DatabaseSync.prototype.exec = exec
      syncBuiltinESMExports()
    },
  }
}

/** A sync covers what came before its call, not what came while it ran. */
function syncedAt(events: DiskEvent[], before: number, sync: DiskEvent & { readonly kind: 'sync' }): void {
  const during = events.slice(before).some((event) => event.kind === 'write' && event.file === sync.file)
  if (during) events.splice(before, 0, sync)
  else events.push(sync)
}

function folderHandle(handle: FileHandle, synced: () => unknown): FileHandle {
  return new Proxy(handle, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      if (name !== 'sync') return value.bind(target)
      return async () => {
        await target.sync()
        synced()
      }
    },
  })
}

export function folderOf(path: string): string {
  const parent = dirname(path)
  return parent === '.' ? '' : parent
}
