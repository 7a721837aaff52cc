// What a move leaves: a new folder that was not finished, or an old one after the switch. Only what the move itself made or moved is deleted; whatever else
// lies there by now stays, and its folder with it.
import { existsSync } from 'node:fs'
import { lstat, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ServiceError } from '../serviceError.ts'
import { lockStore } from './lock.ts'
import { databaseFiles, type MovedFile, type MoveNote, removeNote } from './moveNote.ts'
import { isWithin } from './moveTree.ts'
import { openStoreDatabase } from './schema.ts'
import { blobsFolder, databasePath, lockPath, manifestsFolder, partialFolder, workFolder } from './storePaths.ts'

/** Removes a new folder that the settings do not name; without a note it holds nothing yet. Gives false where another Hearth uses it. */
export async function removeUnfinished(folder: string, note: MoveNote | null): Promise<boolean> {
  return await alone(folder, async () => {
    if (note !== null) await removeMoved(folder, note, () => true)
  })
}

/**
 * Removes the old folder after a switch. Gives false where it cannot be removed now, or where somebody has used it since: then it is a models folder of its
 * own.
 */
export async function removeOld(folder: string, note: MoveNote): Promise<boolean> {
  // Its disk may not be connected.
  if (!existsSync(folder)) return existsSync(dirname(folder))
  return await alone(folder, async () => {
    if (usedSince(folder, note.completeAtMs ?? 0)) return
    await removeMoved(folder, note, isAsMoved)
  })
}

/** Runs with the folder's lock, and removes lock and folder after. */
async function alone(folder: string, work: () => Promise<void>): Promise<boolean> {
  try {
    const lock = lockStore(folder)
    try {
      await work()
    } finally {
      lock[Symbol.dispose]()
    }
    if (existsSync(databasePath(folder))) return true
    for (const file of databaseFiles(lockPath(folder))) await rm(file, { force: true })
    await rmdir(folder).catch(() => undefined)
    return true
  } catch (error) {
    // In use, open elsewhere (Windows deletes no open file) or not writable: the next start tries again.
    if (error instanceof ServiceError || isSystemError(error)) return false
    throw error
  }
}

/** The database first: without it nothing counts, and what is left of the folder is known as such. The note last. */
async function removeMoved(
  folder: string,
  note: MoveNote,
  isOurs: (path: string, file: MovedFile) => Promise<boolean> | boolean,
): Promise<void> {
  for (const file of databaseFiles(databasePath(folder))) await rm(file, { force: true })
  for (const inner of [blobsFolder, manifestsFolder, partialFolder, workFolder])
    await rm(inner(folder), { recursive: true, force: true })
  for (const file of note.others) {
    const path = join(folder, file.path)
    if (isWithin(folder, path) && (await isOurs(path, file))) await rm(path, { force: true })
  }
  for (const inner of [...note.folders].reverse()) {
    const path = join(folder, inner)
    if (isWithin(folder, path)) await rmdir(path).catch(() => undefined)
  }
  await removeNote(folder)
}

async function isAsMoved(path: string, { sizeBytes, changedAtMs }: MovedFile): Promise<boolean> {
  const found = await lstat(path).catch(() => null)
  return found !== null && found.size === sizeBytes && found.mtimeMs === changedAtMs
}

/** Whether models or content came to it later. Throws where its database cannot be read: then it is left alone. */
function usedSince(folder: string, timeMs: number): boolean {
  if (!existsSync(databasePath(folder))) return false
  const database = openStoreDatabase(folder, { readOnly: true })
  try {
    const newest = database.prepare(
      'SELECT max(added_at_ms) AS newest FROM (SELECT added_at_ms FROM blob UNION ALL SELECT added_at_ms FROM model)',
    )
    return Number(newest.get()?.newest ?? 0) > timeMs
  } finally {
    database.close()
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && ('errno' in error || 'errcode' in error)
}
