// What SQLite's errors mean for chats.
import { statfsSync } from 'node:fs'
import { sqliteCode } from '../database.ts'
import { ServiceError } from '../serviceError.ts'

const [busy, readOnly, ioError, corrupt, full, cannotOpen, notADatabase] = [5, 8, 10, 11, 13, 14, 26] as const
/** SQLITE_CONSTRAINT_FOREIGNKEY. */
const missingParent = 787
/** Free space that is asked for: a commit needs little, a backup needs all once more. */
const enoughBytes = 64 * 2 ** 20

/** The file itself is wrong: nothing that a person does outside helps. */
export class Damage extends Error {
  override readonly name = 'Damage'
}

export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error)
  return error instanceof Damage || code === corrupt || code === notADatabase
}

/** A full or unusable disk as data; anything else as it was. */
export function chatsError(error: unknown, folder: string): unknown {
  const code = sqliteCode(error) ?? (error as NodeJS.ErrnoException).code
  const detail = error instanceof Error ? error.message : String(error)
  if (error instanceof ServiceError) return error
  // The one reference that a request can break: everything else is looked up before.
  if ((error as { readonly errcode?: unknown }).errcode === missingParent)
    return new ServiceError({ code: 'chats-gone', what: 'message' }, { cause: error })
  if (code === full || code === 'ENOSPC' || code === 'EDQUOT')
    return new ServiceError(
      { code: 'disk-full', needBytes: enoughBytes, freeBytes: freeBytes(folder) },
      { cause: error },
    )
  if (code === busy) return new ServiceError({ code: 'chats-in-use', detail }, { cause: error })
  if (isDamage(error)) return new ServiceError({ code: 'chats-damaged', detail }, { cause: error })
  const isUnusable = [readOnly, ioError, cannotOpen, 'EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOTDIR', 'EEXIST'].includes(
    code as never,
  )
  return isUnusable
    ? new ServiceError({ code: 'chats-unusable', detail: shown(error, detail) }, { cause: error })
    : error
}

/** Node names the path in its messages, which stays here. */
function shown(error: unknown, detail: string): string {
  const { code, syscall } = error as NodeJS.ErrnoException
  return syscall === undefined ? detail : `${code} (${syscall})`
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return 0
  }
}
