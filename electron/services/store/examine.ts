// What can be told of a models folder by looking, for `hearth doctor`: nothing is changed but for the files that SQLite keeps beside a database it reads,
// whoever else works there. Whether the bytes are right is another question, which `hearth verify` answers.
import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import type { DatabaseSync } from 'node:sqlite'
import { ServiceError } from '../serviceError.ts'
import { lockStore } from './lock.ts'
import { readNote } from './moveNote.ts'
import { openStoreDatabase } from './schema.ts'
import { blobPath, databasePath, lockPath, partialFolder } from './storePaths.ts'
import { findStrays } from './strays.ts'

/** Files and their bytes together. */
export interface Amount {
  readonly count: number
  readonly sizeBytes: number
}

export interface StoreExamination {
  /** Models with a row; null where there is no database, or none that can be read. */
  readonly models: number | null
  readonly content: Amount
  /** Content with a row and no file of its size: models are damaged. */
  readonly missing: Amount
  /** Files without a row: they count for nothing and are never deleted. */
  readonly strays: Amount
  /** Downloads that were begun. */
  readonly parts: Amount
  /** Who writes to the folder now; null when nobody does. */
  readonly writer: string | null
  /** The other folder of a move that the next start settles. */
  readonly movedWith: string | null
  /** A sentence for each thing that is wrong. */
  readonly problems: readonly string[]
}

const none: Amount = { count: 0, sizeBytes: 0 }

/** A folder that is not there holds nothing, which is not wrong. Rejects only with the signal's reason. */
export async function examineStore(folder: string, signal: AbortSignal): Promise<StoreExamination> {
  const note = await readNote(folder)
  const around = {
    parts: await partsOf(folder),
    writer: await writerOf(folder),
    movedWith: note && (note.to === folder ? note.from : note.to),
  }
  const empty = { models: null, content: none, missing: none, strays: none, ...around }
  if (!existsSync(databasePath(folder))) return { ...empty, problems: [] }
  let database: DatabaseSync | null = null
  try {
    database = openStoreDatabase(folder, { readOnly: true })
    const broken = database
      .prepare('PRAGMA integrity_check(3)')
      .all()
      .map((row) => String(row.integrity_check))
    if (broken.join() !== 'ok') return { ...empty, problems: broken.map((text) => `${databasePath(folder)}: ${text}`) }
    const rows = database.prepare('SELECT sha256, size_bytes FROM blob').all()
    const missing: number[] = []
    for (const { sha256, size_bytes: sizeBytes } of rows) {
      signal.throwIfAborted()
      const found = await stat(blobPath(folder, String(sha256))).catch(() => null)
      if (found?.size !== sizeBytes) missing.push(Number(sizeBytes))
    }
    return {
      models: Number(database.prepare('SELECT count(*) AS count FROM model').get()?.count),
      content: amountOf(rows.map((row) => Number(row.size_bytes))),
      missing: amountOf(missing),
      strays: amountOf((await findStrays(folder, database)).map(({ sizeBytes }) => sizeBytes)),
      ...around,
      problems:
        missing.length === 0
          ? []
          : [`${missing.length} files of models are missing or have another size; hearth verify names the models`],
    }
  } catch (error) {
    signal.throwIfAborted()
    return { ...empty, problems: [error instanceof Error ? error.message : String(error)] }
  } finally {
    database?.close()
  }
}

function amountOf(sizes: readonly number[]): Amount {
  return { count: sizes.length, sizeBytes: sizes.reduce((sum, size) => sum + size, 0) }
}

async function partsOf(folder: string): Promise<Amount> {
  const names = await readdir(partialFolder(folder)).catch(() => [])
  const sizes = names
    .filter((name) => name.endsWith('.part'))
    .map(async (name) => (await stat(`${partialFolder(folder)}/${name}`).catch(() => null))?.size ?? 0)
  return amountOf(await Promise.all(sizes))
}

/** By trying: the lock is let go at once. */
async function writerOf(folder: string): Promise<string | null> {
  if (!existsSync(lockPath(folder))) return null
  try {
    lockStore(folder)[Symbol.dispose]()
    return null
  } catch (error) {
    if (!(error instanceof ServiceError) || error.problem.code !== 'store-in-use') return null
    return (await holderOf(lockPath(folder))) ?? 'another Hearth'
  }
}

/** The process that holds a lock on a file, where Linux tells. */
async function holderOf(file: string): Promise<string | null> {
  const [locks, found] = await Promise.all([
    readFile('/proc/locks', 'utf8').catch(() => ''),
    stat(file).catch(() => null),
  ])
  // 1: POSIX  ADVISORY  WRITE 4711 fe:00:123456 1073741824 1073742335
  const line = locks
    .split('\n')
    .find((text) => found !== null && text.includes(' WRITE ') && text.includes(`:${found.ino} `))
  const id = /WRITE (\d+) /.exec(line ?? '')?.[1]
  if (id === undefined) return null
  const name = (await readFile(`/proc/${id}/comm`, 'utf8').catch(() => '')).trim()
  return name === '' ? `process ${id}` : `process ${id} (${name})`
}
