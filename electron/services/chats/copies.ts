// The copies of open chats: looked after in turn, told about, and rid of what was removed.
import { join } from 'node:path'
import type { ChatCopies } from '../../../shared/chats/types.ts'
import { ServiceError } from '../serviceError.ts'
import { backUpInWorker } from './backUpInWorker.ts'
import { removeDatabase, syncFolder } from './backups.ts'
import type { CopiesOutcome } from './keepCopies.ts'
import type { OpenChats } from './openChats.ts'
import { listBackups, namesIn, placesIn, setAsideName } from './places.ts'

export interface CopiesOptions {
  /** Of the chats. */
  readonly folder: string
  readonly run: string
  readonly chats: Pick<OpenChats, 'ask' | 'suspect'>
  /** Of backupWorker.ts, or of what it was bundled into. */
  readonly workerUrl: URL
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface Copies {
  /** The day's copy, if it is due; and what was removed for good goes from all of them. */
  keep(): Promise<CopiesOutcome>
  facts(): ChatCopies
  /** When nothing is being done about copies. Until then the file with the chats is open once more. */
  settled(): Promise<unknown>
  /** Everything that was removed, now. Rejects with ServiceError chats-damaged or chats-unusable. */
  erase(damagedToo: boolean): Promise<ChatCopies>
}

export function createCopies({ folder, run, chats, workerUrl, now }: CopiesOptions): Copies {
  const places = placesIn(folder)
  let last: Promise<unknown> = Promise.resolve()
  const setAside = () => namesIn(folder).filter((name) => setAsideName.test(name))

  async function keepNow(): Promise<CopiesOutcome> {
    const outcome = await backUpInWorker(workerUrl, { folder, run, nowMs: now() })
    // It is looked through, and restored, before anybody is told.
    if (outcome.kind === 'damaged') chats.suspect()
    if ('erased' in outcome && outcome.erased.length > 0) chats.ask((all) => all.erased(outcome.erased))
    return outcome
  }
  /** One at a time: they write the same files. */
  function keep(): Promise<CopiesOutcome> {
    const kept = last.then(keepNow)
    last = kept.catch(() => {})
    return kept
  }
  function facts(): ChatCopies {
    const all = listBackups(places)
    return {
      copies: all.length,
      newestAtMs: all[0]?.atMs ?? null,
      removed: chats.ask((known) => known.removedItems()),
      damaged: setAside().length,
    }
  }
  return {
    keep,
    facts,
    settled: () => last,
    async erase(damagedToo) {
      chats.ask((all) => all.endUndo())
      const outcome = await keep()
      if (outcome.kind === 'damaged') throw new ServiceError({ code: 'chats-damaged', detail: outcome.detail })
      if (outcome.kind === 'failed') throw new ServiceError({ code: 'chats-unusable', detail: outcome.detail })
      if (damagedToo) for (const name of setAside()) removeDatabase(join(folder, name))
      syncFolder(folder)
      return facts()
    },
  }
}
