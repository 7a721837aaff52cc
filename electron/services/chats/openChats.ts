// Opens the chats of a data folder for writing.
import { join } from 'node:path'
import { openDatabase } from '../database.ts'
import type { Chats } from './chats.ts'
import { createChats } from './createChats.ts'
import type { ReadChatsFile } from './importChats.ts'
import { applicationId, migrations } from './schema.ts'

export interface ChatsOptions {
  /** `<data folder>/chats`. */
  readonly folder: string
  /** Of this run of the app. */
  readonly run: string
  readonly readChatsFile: ReadChatsFile
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

export function openChats({ folder, run, readChatsFile, now = Date.now }: ChatsOptions): Chats {
  const database = openDatabase({ file: join(folder, 'chats.db'), applicationId, migrations })
  try {
    database.exec('PRAGMA secure_delete=ON')
    database.exec("UPDATE message SET state = 'interrupted' WHERE state = 'streaming'")
    database.prepare('DELETE FROM chat WHERE removed_in IS NOT NULL AND removed_in <> ?').run(run)
    const chats = createChats(database, { notice: { kind: 'none' }, run, now }, readChatsFile)
    return { ...chats, [Symbol.dispose]: () => database.close() }
  } catch (error) {
    database.close()
    throw error
  }
}
