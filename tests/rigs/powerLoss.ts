// A folder as a disk may have it after the power went: everything that was synced, and any part of what was not, in any order, with writes torn.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type DiskEvent, folderOf } from './recordDisk.ts'

type NameEvent = Extract<DiskEvent, { readonly kind: 'create' | 'rename' | 'remove' | 'mkdir' }>
type ByteEvent = Extract<DiskEvent, { readonly kind: 'write' | 'truncate' }>

const sectorBytes = 512

/** Writes one of the states that the first `length` events can have left. */
export function writeState(events: readonly DiskEvent[], length: number, random: () => number, folder: string): void {
  const past = events.slice(0, length)
  const contents = survivingContents(past, random)
  mkdirSync(folder, { recursive: true })
  for (const [path, file] of survivingNames(past, random)) {
    if (file === null) mkdirSync(join(folder, path), { recursive: true })
    else {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), contents.get(file) ?? new Uint8Array())
    }
  }
  const database = past.findLast((event) => event.kind === 'database')
  for (const [name, bytes] of database?.files ?? []) writeFileSync(join(folder, name), bytes)
}

/** Files by name, folders with null. A name lasts once its folder was synced after it was given. */
function survivingNames(past: readonly DiskEvent[], random: () => number): ReadonlyMap<string, number | null> {
  const names = new Map<string, number | null>()
  // Half of the disks keep the order of names and lose the newest; the others lose any.
  const isOrdered = random() < 0.5
  const unsafe = past.flatMap((event, index) => (isName(event) && !isSafe(past, event, index) ? [index] : []))
  const firstLost = unsafe[Math.floor(random() * (unsafe.length + 1))] ?? past.length
  for (const [index, event] of past.entries()) {
    if (!isName(event)) continue
    const isLost = unsafe.includes(index) && (isOrdered ? index >= firstLost : random() < 0.5)
    if (!isLost) apply(names, event)
    // A rename between two folders of which one was synced: the new name is there, the old one may still be.
    else if (event.kind === 'rename' && isSynced(past, folderOf(event.to), index)) names.set(event.to, event.file)
  }
  return names
}

function apply(names: Map<string, number | null>, event: NameEvent): void {
  switch (event.kind) {
    case 'mkdir':
      names.set(event.path, null)
      return
    case 'create':
      names.set(event.path, event.file)
      return
    case 'remove':
      names.delete(event.path)
      return
    case 'rename':
      names.delete(event.from)
      names.set(event.to, event.file)
      return
    default:
      event satisfies never
  }
}

function isName(event: DiskEvent): event is NameEvent {
  return ['create', 'rename', 'remove', 'mkdir'].includes(event.kind)
}

function isSafe(past: readonly DiskEvent[], event: NameEvent, index: number): boolean {
  if (event.kind === 'rename') return [event.from, event.to].every((path) => isSynced(past, folderOf(path), index))
  return isSynced(past, folderOf(event.path), index)
}

/** SQLite syncs the folder of its files when it makes them. */
function isSynced(past: readonly DiskEvent[], folder: string, index: number): boolean {
  return past
    .slice(index)
    .some(
      (event) => (event.kind === 'syncFolder' && event.path === folder) || (event.kind === 'database' && folder === ''),
    )
}

function survivingContents(past: readonly DiskEvent[], random: () => number): ReadonlyMap<number, Uint8Array> {
  const safe = new Map<number, number>()
  for (const [index, event] of past.entries()) if (event.kind === 'sync') safe.set(event.file, index)
  const contents = new Map<number, Uint8Array>()
  // Some disks lose everything that is not synced, some nothing, most something.
  const kept = [0, 1, random(), random()][Math.floor(random() * 4)] ?? 0
  for (const [index, event] of past.entries()) {
    if (event.kind !== 'write' && event.kind !== 'truncate') continue
    const isSafeWrite = index < (safe.get(event.file) ?? -1)
    if (!isSafeWrite && random() >= kept) continue
    const isTorn = !isSafeWrite && random() < 0.2
    contents.set(event.file, written(contents.get(event.file) ?? new Uint8Array(), event, isTorn ? random() : 1))
  }
  return contents
}

/** @param share of a write's sectors that reached the disk */
function written(before: Uint8Array, event: ByteEvent, share: number): Uint8Array {
  if (event.kind === 'truncate') {
    const after = new Uint8Array(event.length)
    after.set(before.subarray(0, event.length))
    return after
  }
  const whole = event.bytes.byteLength
  const length = share === 1 ? whole : Math.floor((whole * share) / sectorBytes) * sectorBytes
  const after = new Uint8Array(Math.max(before.byteLength, event.position + length))
  after.set(before)
  after.set(event.bytes.subarray(0, length), event.position)
  return after
}
