// The chats of a data folder, opened for writing by the first who asks for them and kept open. Where the file turns out to be damaged while it is open, it is
// opened again, which restores it; whoever asked is told, because what they know may not be so any more.
import type { ChatsNotice } from '../../../shared/chats/types.ts'
import { sqliteCode } from '../database.ts'
import { networkName } from '../networkDisk.ts'
import { ServiceError } from '../serviceError.ts'
import type { Chats } from './chats.ts'
import { createChats } from './createChats.ts'
import { lockChats } from './lock.ts'
import { type OpenedFile, openFile } from './openFile.ts'
import { type Places, placesIn } from './places.ts'
import { chatsError, isDamage } from './problems.ts'
import { migrations as allMigrations } from './schema.ts'

export interface ChatsOptions {
  /** `<data folder>/chats`. */
  readonly folder: string
  /** Of this run of the app. */
  readonly run: string
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Told of damage, for the log. */
  readonly report?: (error: unknown) => void
  /** What kind of another computer's disk a folder lies on; null: on none. */
  readonly shareOf?: (folder: string) => string | null
  /** Those of schema.ts but in tests. */
  readonly migrations?: readonly string[]
}

export interface OpenChats extends Disposable {
  /** Throws ServiceError for what is expected: chats-in-use, chats-unusable, chats-read-only, chats-damaged, disk-full, and what the work throws. */
  ask<T>(work: (chats: Chats) => T): T
  /** Tells that a copy could not be made of the file because it is damaged: it is looked through now. */
  suspect(): void
  /** Brings everything from the log into the file, so that a process that is ended now leaves a file that needs no looking through, and nothing deleted. */
  settle(): void
}

interface Opened extends OpenedFile, Disposable {
  readonly chats: Chats
}

const readOnlyCode = 8

/** Opens nothing yet. */
export function openChats(options: ChatsOptions): OpenChats {
  const places = placesIn(options.folder)
  let opened: Opened | null = null
  let isClosed = false
  const reopen = (isSuspect: boolean): Opened => {
    opened?.[Symbol.dispose]()
    opened = null
    opened = open(places, options, isSuspect)
    return opened
  }
  const current = (): Opened => {
    if (isClosed) throw new ServiceError({ code: 'chats-unusable', detail: 'they were closed' })
    return opened ?? reopen(false)
  }
  return {
    ask(work) {
      try {
        return work(current().chats)
      } catch (error) {
        if (opened?.isReadOnly && sqliteCode(error) === readOnlyCode)
          throw new ServiceError({ code: 'chats-read-only', detail: 'a newer version of Hearth made them' })
        if (isDamage(error)) reopen(true)
        throw chatsError(error, options.folder)
      }
    },
    suspect: () => void reopen(true),
    settle() {
      if (opened !== null && !opened.isReadOnly) opened.database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    },
    [Symbol.dispose]() {
      isClosed = true
      opened?.[Symbol.dispose]()
      opened = null
    },
  }
}

function open(places: Places, options: ChatsOptions, isSuspect: boolean): Opened {
  const { run, now = Date.now, migrations = allMigrations, report = () => {}, shareOf = networkName } = options
  const lock = lockChats(places)
  let file: OpenedFile | null = null
  const dispose = () => {
    file?.database.close()
    lock[Symbol.dispose]()
  }
  try {
    file = openFile({ places, migrations, run, nowMs: now(), isSuspect, report })
    const notice = file.notice.kind === 'none' ? shareNotice(shareOf(places.folder)) : file.notice
    const chats = createChats(file.database, { notice, run, now })
    return { ...file, notice, chats, [Symbol.dispose]: dispose }
  } catch (cause) {
    dispose()
    if (file?.isReadOnly !== true) throw chatsError(cause, places.folder)
    throw new ServiceError(
      { code: 'chats-unusable', detail: 'a newer version of Hearth keeps them in another form' },
      { cause },
    )
  }
}

/** Said at each start: it goes well until the network stumbles or a second computer writes. */
function shareNotice(disk: string | null): ChatsNotice {
  return disk === null ? { kind: 'none' } : { kind: 'network-disk', disk }
}
