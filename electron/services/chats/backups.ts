// Copies of the chats: one a day, and one before the schema changes. A copy gets its name only when it is whole, checked and on the disk.
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { soundnessOf } from './check.ts'
import { type Backup, backupPath, besides, listBackups, namesIn, type Places } from './places.ts'
import { Damage } from './problems.ts'

export const dayMs = 24 * 60 * 60 * 1000
const [keptDays, keptMigrations] = [7, 2] as const

/** A day's copy is due: there are chats, and the newest copy is a day old. A clock that was set back does not stop copies. */
export function isBackupDue(places: Places, nowMs: number): boolean {
  const newest = listBackups(places).find(({ version }) => version === null)
  return newest === undefined || nowMs - newest.atMs >= dayMs || newest.atMs > nowMs
}

/** Copies what a connection sees, and removes the oldest copies. Throws Damage where the copy is not sound; the copies of before stay then. */
export function makeBackup(database: DatabaseSync, places: Places, nowMs: number, version: number | null = null): void {
  mkdirSync(places.backups, { recursive: true })
  sweep(places)
  const unfinished = unfinishedPath(places, 'copy')
  try {
    database.prepare('VACUUM INTO ?').run(unfinished)
    checkCopy(unfinished)
    sync(unfinished, 'r+')
    renameSync(unfinished, backupPath(places, nowMs, version))
    syncFolder(places.backups)
  } finally {
    removeDatabase(unfinished)
  }
  prune(places)
}

/** Throws Damage, or what SQLite says. */
export function checkCopy(path: string): void {
  using copy = new DatabaseSync(path, { readOnly: true })
  const found = soundnessOf(copy, 'whole')
  if (found.kind === 'damaged') throw new Damage(found.detail)
}

function prune(places: Places): void {
  const all = listBackups(places)
  const old = (isKept: (backup: Backup) => boolean, count: number) => all.filter(isKept).slice(count)
  for (const { path } of [
    ...old(({ version }) => version === null, keptDays),
    ...old(({ version }) => version !== null, keptMigrations),
  ])
    removeDatabase(path)
}

/** A copy in the making. */
export function unfinishedPath({ backups }: Places, what: string): string {
  return join(backups, `.unfinished-${what}-${process.pid}.db`)
}

/** What a process that was killed has left. */
export function sweep({ backups }: Places): void {
  for (const name of namesIn(backups)) if (name.startsWith('.unfinished-')) removeDatabase(join(backups, name))
}

export function removeDatabase(path: string): void {
  for (const beside of ['', ...besides]) rmSync(`${path}${beside}`, { force: true })
}

export function sync(path: string, flags: 'r' | 'r+'): void {
  const descriptor = openSync(path, flags)
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Makes names durable. Windows has no such call. */
export function syncFolder(folder: string): void {
  try {
    sync(folder, 'r')
  } catch {
    // A system without it keeps names in its own journal.
  }
}
