// Where things lie in the chats' folder, and the names that carry a time.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface Places {
  readonly folder: string
  readonly file: string
  readonly lock: string
  readonly backups: string
}

export function placesIn(folder: string): Places {
  return {
    folder,
    file: join(folder, 'chats.db'),
    lock: join(folder, 'lock.db'),
    backups: join(folder, 'backups'),
  }
}

/** A damaged file that was set aside. */
export const setAsideName = /^damaged-.*\.db$/

/** What SQLite keeps beside a file. */
export const besides = ['-wal', '-shm', '-journal'] as const

/** In a name that sorts by time and that every file system takes. */
export function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString().replaceAll(/[:.]/g, '-')
}

export interface Backup {
  readonly path: string
  readonly atMs: number
  /** Made before this version of the schema was migrated; null: of a day. */
  readonly version: number | null
}

export function backupPath({ backups }: Places, atMs: number, version: number | null): string {
  return join(backups, `chats-${version === null ? '' : `v${version}-`}${timeText(atMs)}.db`)
}

const backupName = /^chats-(?:v(\d+)-)?(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3}Z)\.db$/

/** The newest first. */
export function listBackups({ backups }: Places): readonly Backup[] {
  return namesIn(backups)
    .flatMap((name) => {
      const [, version, day, hours, minutes, seconds, rest] = backupName.exec(name) ?? []
      const atMs = Date.parse(`${day}T${hours}:${minutes}:${seconds}.${rest}`)
      if (Number.isNaN(atMs)) return []
      return [{ path: join(backups, name), atMs, version: version === undefined ? null : Number(version) }]
    })
    .sort((a, b) => b.atMs - a.atMs)
}

/** None where there is no such folder. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
