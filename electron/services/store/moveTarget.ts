// Whether a folder can become the models folder: apart from the old one, empty, on a disk that can be written and locked.
import { mkdir, realpath, rm, stat, statfs } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { networkName } from '../networkDisk.ts'
import { ServiceError } from '../serviceError.ts'
import { databaseFiles, namesIn } from './moveNote.ts'
import { isWithin } from './moveTree.ts'
import { probePath } from './storePaths.ts'

/** The folder without links, though it need not exist yet. Rejects with ServiceError store-unusable where one is inside the other. */
export async function apart(from: string, to: string): Promise<{ readonly from: string; readonly to: string }> {
  const places = { from: await realpath(from), to: await realPlace(resolve(to)) }
  if (places.from === places.to) return places
  if (isWithin(places.from, places.to)) throw unusable(to, 'it is inside the present models folder')
  if (isWithin(places.to, places.from)) throw unusable(to, 'the present models folder is inside it')
  return places
}

/** Of the nearest folder above that exists, with the rest behind it. */
async function realPlace(path: string): Promise<string> {
  for (let above = path; ; above = dirname(above)) {
    const real = await realpath(above).catch(() => null)
    if (real !== null) return join(real, relative(above, path))
    if (dirname(above) === above) return path
  }
}

/** Makes the folder where it is not there. Gives whether it did. Rejects with ServiceError store-unusable, also where it holds anything. */
export async function makeEmpty(folder: string): Promise<boolean> {
  const before = await stat(folder).catch(() => null)
  if (before !== null && !before.isDirectory()) throw unusable(folder, 'it is no folder')
  await makeFolder(folder).catch((cause: Error) => {
    throw unusable(folder, cause.message, cause)
  })
  const names = await namesIn(folder).catch((cause: Error) => {
    throw unusable(folder, cause.message, cause)
  })
  if (names.length > 0) throw unusable(folder, 'it is not empty: choose an empty folder, or make a new one')
  return before === null
}

/** First without those above it: of a disk that cannot be written, Node then says so. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder).catch(async ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EEXIST') await mkdir(folder, { recursive: code === 'ENOENT' })
  })
}

/** Rejects with ServiceError store-unusable for a network disk and for one where SQLite cannot work. Tries it in the work folder. */
export async function checkDisk(folder: string): Promise<void> {
  const network = networkName(folder)
  if (network !== null) throw unusable(folder, `it is on a network disk (${network}), where a database is not safe`)
  const probe = probePath(folder)
  try {
    const database = new DatabaseSync(probe)
    try {
      const mode = database.prepare('PRAGMA journal_mode=WAL').get()?.journal_mode
      if (mode !== 'wal') throw new Error('SQLite cannot keep a write-ahead log there')
      database.exec('CREATE TABLE probe (value INTEGER); INSERT INTO probe VALUES (1)')
    } finally {
      database.close()
    }
  } catch (cause) {
    throw unusable(folder, cause instanceof Error ? cause.message : String(cause), cause)
  } finally {
    for (const file of databaseFiles(probe)) await rm(file, { force: true }).catch(() => undefined)
  }
}

export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

export function unusable(folder: string, detail: string, cause?: unknown): ServiceError {
  return new ServiceError({ code: 'store-unusable', detail: `${folder}: ${detail}` }, { cause })
}
