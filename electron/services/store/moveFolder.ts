// Moves the models folder, also to another disk. The old folder stays whole and in use until the person's settings name the new one, which is whole by then;
// only after that, and once the store is open in its new place, does the old one go. A kill at any point leaves one of the two, and a note that says which.
import { mkdir, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { ServiceError } from '../serviceError.ts'
import { syncFile, syncFolder } from './disk.ts'
import { lockStore } from './lock.ts'
import { copyDatabase } from './moveDatabase.ts'
import { removeOld, removeUnfinished } from './moveLeftovers.ts'
import { type MoveNote, newNote, readNote, removeNote, writeNote } from './moveNote.ts'
import { apart, checkDisk, makeEmpty, unusable } from './moveTarget.ts'
import { asProblem, transferTree } from './moveTransfer.ts'
import { readTree } from './moveTree.ts'
import type { Store } from './store.ts'
import { databasePath, workFolder } from './storePaths.ts'

export interface MoveRequest {
  /** Open, and with its lock: nothing may be added to it meanwhile. */
  readonly store: Pick<Store, 'folder' | 'database'>
  /** Empty, or not there yet. */
  readonly to: string
  /** The data folder whose settings name the models folder. */
  readonly owner: string
  /** Makes the settings name the new folder, in one step. Where it rejects, either folder may be named, and both stay. */
  readonly switchTo: (folder: string) => void | Promise<void>
  /** Bytes that are in the new place; those that had to be copied count again once they were read back. */
  readonly onBytes?: (doneBytes: number, totalBytes: number) => void
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

export interface MovedFolder {
  readonly folder: string
  /** Copied content that had not the hash of its name before either: it came along as it was. */
  readonly damaged: readonly string[]
}

/**
 * Afterwards the caller closes the store, opens it in the new place and calls `settleMove`. A move to where the folder is does nothing. Rejects with
 * ServiceError store-unusable, store-in-use, wrong-bytes or disk-full, or with the signal's reason; then the old folder is in use as before and the new one
 * as it was.
 */
export async function moveStore(request: MoveRequest, signal: AbortSignal): Promise<MovedFolder> {
  const folder = resolve(request.to)
  const { from, to } = await apart(request.store.folder, folder)
  if (from === to) return { folder, damaged: [] }
  for (const place of [from, to]) {
    const note = await readNote(place)
    if (note?.owner === request.owner && note.from === from && !(await forgetUnfinished(note)))
      throw new ServiceError({ code: 'store-in-use', detail: `another Hearth uses ${note.to}` })
  }
  const isNew = await makeEmpty(to)
  const filled = await fill(request, { from, to, isNew }, signal)
  // Past this nothing is taken back: the settings may name the new folder already.
  await request.switchTo(folder)
  return { folder, damaged: filled }
}

/**
 * For each start, once the store is open: removes what an earlier move left, an old folder or an unfinished new one. Gives false where something stays for
 * the next start.
 */
export async function settleMove(folder: string, owner: string): Promise<boolean> {
  const note = await readNote(folder)
  if (note === null || note.owner !== owner) return true
  const here = await realpath(folder)
  if (note.from === here) return await forgetUnfinished(note)
  if (note.to !== here || note.completeAtMs === null) return true
  // The settings lie there: what they say must last before the old folder goes.
  await syncFolder(owner)
  if (!(await removeOld(note.from, note))) return false
  await removeNote(folder)
  return true
}

interface Places {
  readonly from: string
  readonly to: string
  /** The new folder was not there. */
  readonly isNew: boolean
}

/** All of the folder in its new place, on the disk. Leaves the new folder as it was where it rejects. */
async function fill(
  { store, owner, onBytes, now = Date.now }: MoveRequest,
  { from, to, isNew }: Places,
  signal: AbortSignal,
): Promise<readonly string[]> {
  let note: MoveNote | null = null
  try {
    using _lock = lockStore(to)
    const tree = await readTree(from, to, signal).catch((cause: Error) => {
      signal.throwIfAborted()
      throw unusable(from, cause.message, cause)
    })
    const others = [...tree.files.filter(({ isStored }) => !isStored), ...tree.links].map(
      ({ path, sizeBytes, changedAtMs }) => ({ path, sizeBytes, changedAtMs }),
    )
    note = newNote({ owner, from, to, others, folders: tree.folders })
    // The old folder's first: a new one is never without the other that knows of it.
    await writeNote(from, note)
    await writeNote(to, note)
    await mkdir(workFolder(to))
    await checkDisk(to)
    const damaged = await transferTree({ from, to, tree, onBytes: onBytes ?? (() => {}) }, signal)
    signal.throwIfAborted()
    copyDatabase(store.database, from, to)
    await syncFile(databasePath(to))
    await syncFolder(to)
    await syncFolder(dirname(to))
    await writeNote(to, { ...note, completeAtMs: now() })
    return damaged
  } catch (error) {
    const isNoted = (await readNote(to))?.id === note?.id
    if (note !== null) await forgetUnfinished(note)
    if (note === null || !isNoted) {
      await removeNote(to).catch(() => undefined)
      await removeUnfinished(to, null)
    }
    if (!isNew) await mkdir(to, { recursive: true })
    signal.throwIfAborted()
    throw await asProblem(error, to)
  }
}

/** Removes a new folder that the settings do not name, and the notes of it. Gives false where another Hearth uses it. */
async function forgetUnfinished(note: MoveNote): Promise<boolean> {
  const there = await readNote(note.to)
  // Without the note of this move nothing was written there.
  if (there?.id === note.id && !(await removeUnfinished(note.to, there))) return false
  if ((await readNote(note.from))?.id === note.id) await removeNote(note.from)
  return true
}
