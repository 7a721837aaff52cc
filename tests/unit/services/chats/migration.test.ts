// Chats that an earlier Hearth wrote, in the first form of the file.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listBackups, placesIn } from '../../../../electron/services/chats/places.ts'
import { migrations } from '../../../../electron/services/chats/schema.ts'
import type { Message } from '../../../../shared/chats/types.ts'
import { chatNamed, keptChats, messageIn } from '../../../support/chats.ts'
import { firstForm } from '../../../support/chatsOnDisk.ts'
import { quickFolder } from '../../../support/quickFolder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(quickFolder, 'hearth-migration-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const chat = chatNamed('Old')
const texts = ['A castle 🏰 and a -> b', '北京大学', '🤔nice', 'plain words']
const messages = texts.map((text) => messageIn(chat.id, text))
const streaming = messageIn(chat.id, 'half an answer 🌹', { role: 'assistant', state: 'streaming' })
const all: readonly Message[] = [...messages, streaming]

function expectAll(): void {
  using kept = keptChats({ folder })
  expect(kept.open(chat.id).messages).toEqual([...messages, { ...streaming, state: 'interrupted' }])
  const found = (text: string) => kept.search({ text, chatId: null, limit: 9 }).map(({ messageId }) => messageId)
  const at = (index: number) => [all[index]?.id]
  expect(['🏰', '->', '京大', 'nice', 'plain wor', '🌹', 'answer'].map(found)).toEqual([0, 0, 1, 2, 3, 4, 4].map(at))
  // What is removed is gone from the new index as well.
  kept.changeMessage(all[0]?.id ?? '', { text: 'A tower' })
  expect(['🏰', '->', 'castle', 'tower'].map(found)).toEqual([[], [], [], at(0)])
  using database = new DatabaseSync(join(folder, 'chats.db'))
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: migrations.length })
  database.exec("INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)")
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
}

test('a file of the first form is searched for everything, signs too, and a copy of it is kept', () => {
  firstForm(folder, chat, all)
  expectAll()
  const [copy, ...others] = listBackups(placesIn(folder))
  expect(others).toEqual([])
  expect(copy).toMatchObject({ version: 1 })
  using database = new DatabaseSync(copy?.path ?? '', { readOnly: true })
  expect(database.prepare('SELECT count(*) AS count FROM message').get()).toEqual({ count: all.length })
})

test('a migration that ends in the middle leaves the first form, and the next start makes it', () => {
  firstForm(folder, chat, all)
  const [first = '', second = ''] = migrations
  {
    using broken = keptChats({ folder, migrations: [first, `${second}; ALTER TABLE absent ADD COLUMN mood TEXT`] })
    expect(() => broken.overview()).toThrow('no such table')
  }
  {
    using database = new DatabaseSync(join(folder, 'chats.db'))
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 })
    expect(
      database.prepare("SELECT count(*) AS count FROM message_words WHERE message_words MATCH 'castle'").get(),
    ).toEqual({
      count: 1,
    })
  }
  expectAll()
})

test('a damaged file of the first form is read back', () => {
  firstForm(folder, chat, all)
  {
    using database = new DatabaseSync(join(folder, 'chats.db'))
    database.exec('PRAGMA application_id = 1')
  }
  using kept = keptChats({ folder })
  expect(kept.overview().notice).toMatchObject({ kind: 'restored', recovered: 'all' })
  expect(kept.search({ text: '🏰', chatId: null, limit: 9 })).toHaveLength(1)
})
