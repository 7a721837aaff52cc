// One writer at a time.
import { mkdirSync } from 'node:fs'
import { holdLock } from '../lockFile.ts'
import { ServiceError } from '../serviceError.ts'
import type { Places } from './places.ts'
import { chatsError } from './problems.ts'

/** Throws ServiceError chats-in-use while another process has it, chats-unusable where the folder cannot be written. */
export function lockChats({ folder, lock }: Places): Disposable {
  try {
    mkdirSync(folder, { recursive: true })
    const held = holdLock(lock)
    if (held !== null) return held
  } catch (error) {
    throw chatsError(error, folder)
  }
  throw new ServiceError({ code: 'chats-in-use', detail: 'another Hearth writes them' })
}
