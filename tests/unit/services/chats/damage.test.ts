// Real files, really damaged. Whatever happened to the file, the app opens, the person is told, the damaged file is kept as it was found, and what a sound
// backup or a readable page holds is there.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dayMs, makeBackup } from '../../../../electron/services/chats/backups.ts'
import { listBackups, namesIn, placesIn } from '../../../../electron/services/chats/places.ts'
import type { ChatsNotice } from '../../../../shared/chats/types.ts'
import { chatNamed, keptChats, messageIn } from '../../../support/chats.ts'
import { copyAsKilled, overwrite, pageBytes, pagesOf, type Written, writeChats } from '../../../support/chatsOnDisk.ts'
import { quickFolder } from '../../../support/quickFolder.ts'

let root: string
let folder: string
let file: string
beforeEach(() => {
  root = mkdtempSync(join(quickFolder, 'hearth-damage-'))
  folder = join(root, 'chats')
  file = join(folder, 'chats.db')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const [chats, messagesEach] = [12, 40] as const
const all = chats * messagesEach

function backUp(nowMs: number): void {
  using database = new DatabaseSync(file, { readOnly: true })
  makeBackup(database, placesIn(folder), nowMs)
}

/** As if the process had been killed: its log is there, so the file is looked through at the next start. */
function leaveUnclean(): void {
  const killed = join(root, 'killed')
  {
    using kept = keptChats({ folder })
    kept.putFolder({ id: crypto.randomUUID(), name: 'made before the end' })
    copyAsKilled(folder, killed)
  }
  copyAsKilled(killed, folder)
}

/** Reads everything; the messages that are there. */
function readAll(written: readonly Written[]): { readonly found: number; readonly notice: ChatsNotice } {
  using kept = keptChats({ folder })
  const { chats: list, notice } = kept.overview()
  const texts = new Map(written.flatMap(({ messages }) => messages.map(({ id, text }) => [id, text])))
  const read = list.flatMap(({ id }) => kept.open(id).messages)
  for (const message of read) expect(message.text).toBe(texts.get(message.id))
  // It can be searched and written again.
  const chat = chatNamed('new')
  kept.create(chat, [messageIn(chat.id, 'somethingnew')])
  expect(kept.search({ text: 'somethingnew', chatId: null, limit: 5 })).toHaveLength(1)
  return { found: new Set(read.map(({ id }) => id)).size, notice }
}

function expectSound(): void {
  using database = new DatabaseSync(file)
  expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([])
  database.exec("INSERT INTO message_words (message_words, rank) VALUES ('integrity-check', 1)")
}

/** Paths of what was set aside. */
function setAside(): readonly string[] {
  return namesIn(folder).flatMap((name) => (/^damaged-.*\.db$/.test(name) ? [join(folder, name)] : []))
}

const somewhere = (table: string) => {
  const pages = pagesOf(file, table)
  return ((pages[Math.floor(pages.length / 2)] ?? 1) - 1) * pageBytes
}

/** How much is left without a backup. */
type Left = 'all' | 'most' | 'some' | 'none'
const leastOf = { all, most: all * 0.8, some: 1, none: 0 } as const

const damages: readonly (readonly [name: string, damage: () => void, left: Left])[] = [
  ['a page of messages', () => overwrite(file, somewhere('message'), randomBytes(pageBytes)), 'most'],
  ['a page of zeros', () => overwrite(file, somewhere('message'), new Uint8Array(pageBytes)), 'most'],
  ['a page of an index', () => overwrite(file, somewhere('message_by_parent'), randomBytes(pageBytes)), 'all'],
  ['a page of the words', () => overwrite(file, somewhere('message_words_data'), randomBytes(pageBytes)), 'all'],
  ['half a file', () => truncateSync(file, Math.floor(statSync(file).size / 2 / pageBytes) * pageBytes), 'some'],
  ['a header', () => overwrite(file, 0, randomBytes(100)), 'most'],
  ['a first page', () => overwrite(file, 0, randomBytes(pageBytes)), 'none'],
  ['an empty file', () => truncateSync(file, 0), 'none'],
  ['a text', () => writeFileSync(file, 'this is no database\n'.repeat(1000)), 'none'],
]

test.each(damages)('%s, after a process was killed', (_name, damage, left) => {
  const written = writeChats(folder, chats, messagesEach)
  leaveUnclean()
  damage()
  const damaged = readFileSync(file)
  const { found, notice } = readAll(written)
  console.info(`${found} of ${all} messages without a backup: ${JSON.stringify(notice)}`)
  expect(notice).toMatchObject({ kind: 'restored', backupAtMs: null })
  expect(found).toBeGreaterThanOrEqual(leastOf[left])
  expectSound()
  expect(setAside().map((path) => readFileSync(path))).toEqual([damaged])
})

test.each(damages)('%s, with a backup', (_name, damage) => {
  const written = writeChats(folder, chats, messagesEach)
  backUp(1_700_000_000_000)
  leaveUnclean()
  damage()
  const { found, notice } = readAll(written)
  expect(notice).toMatchObject({ kind: 'restored', setAside: expect.stringMatching(/^damaged-/) })
  expect(found).toBe(all)
  expectSound()
})

test('a file that was closed in peace is believed, and damage that is met later is told once and mended', () => {
  const written = writeChats(folder, chats, messagesEach)
  backUp(1_700_000_000_000)
  for (const at of pagesOf(file, 'message').slice(1)) overwrite(file, (at - 1) * pageBytes, randomBytes(pageBytes))
  {
    using kept = keptChats({ folder })
    const open = () => kept.open(written[0]?.chat.id ?? '').messages
    expect(open).toThrow(expect.objectContaining({ problem: expect.objectContaining({ code: 'chats-damaged' }) }))
    expect(open()).toEqual(written[0]?.messages)
    expect(kept.overview().notice).toMatchObject({ kind: 'restored', backupAtMs: 1_700_000_000_000 })
  }
  expect(readAll(written).found).toBe(all)
  expectSound()
})

test('an index of words that disagrees with the messages is made again, and nobody is troubled', () => {
  const written = writeChats(folder, 2, 10)
  {
    using kept = keptChats({ folder })
    const { chat } = written[0] as Written
    kept.add(chat.id, [messageIn(chat.id, 'halfwritten', { state: 'streaming' })], chat.leafId)
    copyAsKilled(folder, join(root, 'streaming'))
  }
  copyAsKilled(join(root, 'streaming'), folder)
  leaveUnclean()
  {
    using database = new DatabaseSync(file, { defensive: false })
    database.exec('DELETE FROM message_words_data WHERE id > 10')
  }
  leaveUnclean()
  using kept = keptChats({ folder })
  expect(kept.overview().notice).toEqual({ kind: 'none' })
  expect(kept.search({ text: 'castle1', chatId: null, limit: 50 })).toHaveLength(10)
  expect(kept.search({ text: 'halfwritten', chatId: null, limit: 50 })).toHaveLength(1)
  expectSound()
  expect(written).toHaveLength(2)
})

test('the newest backup that is sound is taken', () => {
  const written = writeChats(folder, chats, messagesEach)
  for (const day of [1, 2, 3]) backUp(day * dayMs)
  const [newest, second] = listBackups(placesIn(folder))
  if (newest === undefined || second === undefined) throw new Error('no backups')
  overwrite(newest.path, 0, randomBytes(200))
  overwrite(second.path, statSync(second.path).size / 2, randomBytes(pageBytes))
  writeFileSync(file, 'nothing')
  const { found, notice } = readAll(written)
  expect(notice).toMatchObject({ backupAtMs: dayMs, recovered: 'none' })
  expect(found).toBe(all)
})

test('a file that is gone comes from the backup; without any, chats begin anew', () => {
  const written = writeChats(folder, 2, 10)
  backUp(dayMs)
  rmSync(file)
  expect(readAll(written)).toMatchObject({ found: 20, notice: { kind: 'restored', setAside: '', backupAtMs: dayMs } })
  rmSync(folder, { recursive: true })
  expect(readAll([])).toMatchObject({ found: 0, notice: { kind: 'none' } })
})

test('a process that is killed between setting aside and restoring leaves all that is needed', () => {
  const written = writeChats(folder, 3, 10)
  const aside = join(folder, 'damaged-2026-01-01T00-00-00-000Z.db')
  renameSync(file, aside)
  const { found, notice } = readAll(written)
  expect(notice).toMatchObject({ setAside: 'damaged-2026-01-01T00-00-00-000Z.db', recovered: 'all' })
  expect(found).toBe(30)
})

test('a process that is killed between setting the file and its log aside loses neither', () => {
  const written = writeChats(folder, 3, 10)
  leaveUnclean()
  renameSync(file, join(folder, 'damaged-2026-01-01T00-00-00-000Z.db'))
  const { found, notice } = readAll(written)
  expect(notice).toMatchObject({ setAside: 'damaged-2026-01-01T00-00-00-000Z.db', recovered: 'all' })
  expect(found).toBe(30)
  using kept = keptChats({ folder })
  expect(kept.overview().folders).toMatchObject([{ name: 'made before the end' }])
  expectSound()
})

test('an empty file whose log holds everything gives everything back', () => {
  const written = writeChats(folder, 3, 10)
  const killed = join(root, 'killed')
  {
    using kept = keptChats({ folder })
    // Every page goes through the log.
    kept.opened.ask(() => {
      using database = new DatabaseSync(file)
      database.exec('VACUUM')
    })
    copyAsKilled(folder, killed)
  }
  copyAsKilled(killed, folder)
  truncateSync(file, 0)
  const { found, notice } = readAll(written)
  console.info(`${found} of 30 messages from the log`)
  expect(notice).toMatchObject({ kind: 'restored' })
  expect(found).toBe(30)
})

describe('a file of a newer Hearth', () => {
  test('is read and searched, and nothing is written to it', () => {
    const [one] = writeChats(folder, 1, 4)
    if (one === undefined) throw new Error('nothing was written')
    const message = one.messages[0]
    if (message === undefined) throw new Error('nothing was written')
    {
      using database = new DatabaseSync(file)
      database.exec('ALTER TABLE message ADD COLUMN mood TEXT; PRAGMA user_version = 99')
    }
    const before = readFileSync(file)
    using kept = keptChats({ folder })
    expect(kept.overview()).toMatchObject({ chats: [{ id: one.chat.id }], notice: { kind: 'read-only' } })
    expect(kept.open(one.chat.id).messages).toEqual(one.messages)
    expect(kept.search({ text: 'castle0', chatId: null, limit: 9 })).toHaveLength(4)
    expect(kept.record(message.id)).toBeNull()
    const readOnly = expect.objectContaining({ problem: expect.objectContaining({ code: 'chats-read-only' }) })
    const writes: readonly (() => void)[] = [
      () => kept.create(chatNamed('x'), []),
      () => kept.change(one.chat.id, { title: 'x' }),
      () => kept.remove([one.chat.id]),
      () => kept.restore([one.chat.id]),
      () => kept.add(one.chat.id, [messageIn(one.chat.id, 'x')], null),
      () => kept.append(message.id, message.text.length, 'x'),
      () => kept.changeMessage(message.id, { text: 'x' }),
      () => kept.removeMessages(one.chat.id, [message.id], null),
      () => kept.putFolder({ id: crypto.randomUUID(), name: 'x' }),
      () => kept.removeFolder(crypto.randomUUID()),
      () => kept.removeItem(crypto.randomUUID()),
    ]
    for (const write of writes) expect(write).toThrow(readOnly)
    expect(readFileSync(file)).toEqual(before)
  })
})
