// A note in both folders of a move, from before the first file is written until the old folder is gone. Whoever finds one knows which of the two is whole:
// the old one until the person's settings name the new one.
import { randomUUID } from 'node:crypto'
import { open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { syncFolder } from './disk.ts'
import { databasePath, lockPath, movePath } from './storePaths.ts'

const movedFile = z.strictObject({ path: z.string(), sizeBytes: z.number(), changedAtMs: z.number() })
const moveNote = z.strictObject({
  format: z.literal(1),
  id: z.uuid(),
  /** The data folder whose settings name the models folder: another one's move is never tidied up. */
  owner: z.string(),
  from: z.string(),
  to: z.string(),
  /** Milliseconds since 1970; null until all of it is in the new place. */
  completeAtMs: z.number().nullable(),
  /** What lay in the folder beside the store, models in folders of their own above all. Paths below the folder; folders with parents first. */
  others: z.array(movedFile).readonly(),
  folders: z.array(z.string()).readonly(),
})
export type MoveNote = Readonly<z.infer<typeof moveNote>>
export type MovedFile = Readonly<z.infer<typeof movedFile>>

export function newNote(parts: Pick<MoveNote, 'owner' | 'from' | 'to' | 'others' | 'folders'>): MoveNote {
  return { format: 1, id: randomUUID(), completeAtMs: null, ...parts }
}

/** null without one, or with one that is no note. */
export async function readNote(folder: string): Promise<MoveNote | null> {
  const text = await readFile(movePath(folder), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return moveNote.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Replaces the note in one step, on the disk before it resolves. */
export async function writeNote(folder: string, note: MoveNote): Promise<void> {
  const temporary = newNotePath(folder)
  {
    await using handle = await open(temporary, 'w')
    await handle.writeFile(JSON.stringify(note))
    await handle.sync()
  }
  await rename(temporary, movePath(folder))
  await syncFolder(folder)
}

export async function removeNote(folder: string): Promise<void> {
  await rm(newNotePath(folder), { force: true })
  await rm(movePath(folder), { force: true })
  await syncFolder(folder)
}

/** A database and what SQLite may keep beside it. */
export function databaseFiles(database: string): readonly string[] {
  return ['', '-wal', '-shm', '-journal'].map((end) => `${database}${end}`)
}

/** The folder's own files that are not moved: the databases are copied by SQLite, the lock and the note belong to the place. */
export function staysBehind(storeFolder: string): ReadonlySet<string> {
  const databases = [databasePath(storeFolder), lockPath(storeFolder)].flatMap(databaseFiles)
  return new Set([...databases, movePath(storeFolder), newNotePath(storeFolder)])
}

/** What file managers put into every folder they show. */
const ofFileManagers: ReadonlySet<string> = new Set(['.DS_Store', 'desktop.ini', 'Thumbs.db', '.directory'])

/** Names in a folder that keep it from counting as empty. Rejects where it cannot be read. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  const own = new Set([newNotePath(folder), ...databaseFiles(lockPath(folder))])
  return (await readdir(folder)).filter((name) => !ofFileManagers.has(name) && !own.has(join(folder, name)))
}

function newNotePath(folder: string): string {
  return `${movePath(folder)}.new`
}
