// The file with the chats is closed as a whole: a copy that is just being made of it is waited for.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chatsHandlers } from '../../../../electron/chats/handlers.ts'
import { chatNamed, keptChats, messageIn, noCopies } from '../../../support/chats.ts'
import { quickFolder } from '../../../support/quickFolder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(quickFolder, 'hearth-close-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('while a copy is read from the file it is not closed, and then without a log', async () => {
  using kept = keptChats({ folder })
  const chat = chatNamed('Kept')
  kept.create(chat, [messageIn(chat.id, 'Once')])
  const copied = Promise.withResolvers<void>()
  const reader = new DatabaseSync(join(folder, 'chats.db'), { readOnly: true })
  reader.prepare('SELECT count(*) FROM message').get()
  const copies = { ...noCopies, settled: () => copied.promise }
  const readNothing = () => ({ chats: [], skipped: [] })
  const closing = chatsHandlers(kept.opened, readNothing, copies)['process.close'](
    undefined,
    new AbortController().signal,
  )
  reader.close()
  copied.resolve()
  expect(await closing).toBe(null)
  expect(readdirSync(folder).sort()).toEqual(['chats.db', 'lock.db'])
  expect(() => kept.opened.ask((all) => all.overview())).toThrow()
})
