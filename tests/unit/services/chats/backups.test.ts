// Copies of the chats: when, how many, and that each is whole.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { backUpInWorker } from '../../../../electron/services/chats/backUpInWorker.ts'
import { dayMs, isBackupDue, makeBackup } from '../../../../electron/services/chats/backups.ts'
import { listBackups, placesIn } from '../../../../electron/services/chats/places.ts'
import { migrations } from '../../../../electron/services/chats/schema.ts'
import { chatNamed, keptChats, messageIn, usualRun } from '../../../support/chats.ts'
import { overwrite, pageBytes, pagesOf, writeChats } from '../../../support/chatsOnDisk.ts'
import { quickFolder } from '../../../support/quickFolder.ts'

let root: string
let folder: string
beforeEach(() => {
  root = mkdtempSync(join(quickFolder, 'hearth-backups-'))
  folder = join(root, 'chats')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const workerUrl = new URL('../../../../electron/services/chats/backupWorker.ts', import.meta.url)
const backUp = (nowMs: number) => backUpInWorker(workerUrl, { folder, nowMs, run: usualRun })
const names = () => readdirSync(join(folder, 'backups')).sort()
const startMs = Date.UTC(2026, 0, 1, 12)

test('one copy a day is made, the last seven stay, and each opens as chats', async () => {
  const [one] = writeChats(folder, 1, 3)
  for (let day = 0; day < 10; day++) {
    expect(await backUp(startMs + day * dayMs)).toEqual({ kind: 'made', erased: [] })
    expect(await backUp(startMs + day * dayMs + dayMs / 2)).toEqual({ kind: 'nothing', erased: [] })
  }
  expect(names()).toHaveLength(7)
  expect(names()[0]).toBe('chats-2026-01-04T12-00-00-000Z.db')
  const [newest] = listBackups(placesIn(folder))
  expect(newest).toMatchObject({ atMs: startMs + 9 * dayMs, version: null })
  const other = join(root, 'other')
  mkdirSync(other)
  {
    using copy = new DatabaseSync(newest?.path ?? '', { readOnly: true })
    copy.exec(`VACUUM INTO '${join(other, 'chats.db')}'`)
  }
  using kept = keptChats({ folder: other })
  expect(kept.open(one?.chat.id ?? '').messages).toEqual(one?.messages)
  expect(kept.search({ text: 'castle0', chatId: null, limit: 5 })).toHaveLength(3)
})

test('a copy is made while chats are written', async () => {
  writeChats(folder, 20, 50)
  using kept = keptChats({ folder })
  const making = backUp(startMs)
  const chat = chatNamed('meanwhile')
  kept.create(chat, [messageIn(chat.id, 'meanwhile')])
  expect(await making).toEqual({ kind: 'made', erased: [] })
  expect(kept.open(chat.id).messages).toHaveLength(1)
})

test('nothing is copied where there is nothing, and a clock that was set back stops no copies', async () => {
  {
    using kept = keptChats({ folder })
    kept.overview()
  }
  expect(await backUp(startMs)).toEqual({ kind: 'nothing', erased: [] })
  writeChats(folder, 1, 1)
  expect(await backUp(startMs)).toEqual({ kind: 'made', erased: [] })
  expect(isBackupDue(placesIn(folder), startMs - 10 * dayMs)).toBe(true)
})

test('no copy is made of a damaged file, and the copies of before stay', async () => {
  writeChats(folder, 12, 40)
  expect(await backUp(startMs)).toEqual({ kind: 'made', erased: [] })
  const file = join(folder, 'chats.db')
  overwrite(file, ((pagesOf(file, 'message')[3] ?? 2) - 1) * pageBytes, new Uint8Array(pageBytes))
  expect(await backUp(startMs + dayMs)).toMatchObject({ kind: 'damaged' })
  expect(names()).toEqual(['chats-2026-01-01T12-00-00-000Z.db'])
  // What the process does when it hears that.
  using kept = keptChats({ folder })
  kept.opened.suspect()
  expect(kept.overview().notice).toMatchObject({ kind: 'restored', backupAtMs: startMs })
})

test('a copy that a killed process has left unfinished is no backup, and goes', async () => {
  writeChats(folder, 1, 1)
  mkdirSync(join(folder, 'backups'))
  writeFileSync(join(folder, 'backups', '.unfinished-1.db'), 'half')
  expect(listBackups(placesIn(folder))).toEqual([])
  expect(await backUp(startMs)).toEqual({ kind: 'made', erased: [] })
  expect(names()).toHaveLength(1)
})

test('before the schema changes a copy is made of what was there', () => {
  const [one] = writeChats(folder, 1, 3)
  const more = [...migrations, 'ALTER TABLE chat ADD COLUMN mood TEXT']
  {
    using kept = keptChats({ folder, migrations: more, now: () => startMs })
    expect(kept.open(one?.chat.id ?? '').messages).toEqual(one?.messages)
  }
  expect(names()).toEqual([`chats-v${migrations.length}-2026-01-01T12-00-00-000Z.db`])
  {
    using copy = new DatabaseSync(join(folder, 'backups', names()[0] ?? ''), { readOnly: true })
    expect(copy.prepare('PRAGMA user_version').get()).toEqual({ user_version: migrations.length })
    expect(copy.prepare('SELECT count(*) AS count FROM message').get()).toEqual({ count: 3 })
  }
  // Once; and the older program reads it.
  {
    using kept = keptChats({ folder, migrations: more })
    kept.overview()
  }
  expect(names()).toHaveLength(1)
  using older = keptChats({ folder })
  expect(older.overview().notice).toMatchObject({ kind: 'read-only' })
})

test('a change of the schema that fails leaves everything as it was', () => {
  const [one] = writeChats(folder, 1, 3)
  const broken = keptChats({ folder, migrations: [...migrations, 'ALTER TABLE absent ADD COLUMN mood TEXT'] })
  expect(() => broken.overview()).toThrow('no such table')
  broken[Symbol.dispose]()
  using kept = keptChats({ folder })
  expect(kept.open(one?.chat.id ?? '').messages).toEqual(one?.messages)
  expect(kept.overview().notice).toEqual({ kind: 'none' })
})

test('days and migrations are counted apart', () => {
  writeChats(folder, 1, 1)
  using database = new DatabaseSync(join(folder, 'chats.db'), { readOnly: true })
  for (let day = 0; day < 9; day++) makeBackup(database, placesIn(folder), startMs + day * dayMs)
  for (let version = 1; version < 5; version++) makeBackup(database, placesIn(folder), startMs + version, version)
  expect(
    listBackups(placesIn(folder))
      .filter(({ version }) => version !== null)
      .map(({ version }) => version),
  ).toEqual([4, 3])
  expect(names()).toHaveLength(9)
})

test('one process at a time has the chats', () => {
  using first = keptChats({ folder })
  first.overview()
  using second = keptChats({ folder })
  const inUse = expect.objectContaining({ problem: expect.objectContaining({ code: 'chats-in-use' }) })
  expect(() => second.overview()).toThrow(inUse)
  first[Symbol.dispose]()
  expect(second.overview().notice).toEqual({ kind: 'none' })
})

test('a folder that cannot be written is said as data, without its path', () => {
  writeFileSync(folder, 'a file where the folder should be')
  using kept = keptChats({ folder })
  expect(() => kept.overview()).toThrow(
    expect.objectContaining({ problem: { code: 'chats-unusable', detail: expect.not.stringContaining(root) } }),
  )
})

test('what is settled needs no looking through after a kill, and holds nothing that was deleted', () => {
  const log = join(folder, 'chats.db-wal')
  using kept = keptChats({ folder })
  const chat = chatNamed('')
  const message = messageIn(chat.id, 'unmistakable')
  kept.create(chat, [message])
  kept.removeMessages(chat.id, [message.id], null)
  expect(readFileSync(log).includes('unmistakable')).toBe(true)
  kept.opened.settle()
  expect(statSync(log).size).toBe(0)
  expect(readFileSync(join(folder, 'chats.db')).includes('unmistakable')).toBe(false)
})

test('every table is strict', () => {
  using kept = keptChats({ folder })
  kept.overview()
  using database = new DatabaseSync(join(folder, 'chats.db'), { readOnly: true })
  const tables = database
    .prepare("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    .all()
  expect(tables.filter(({ name, strict }) => strict !== 1 && name !== 'sqlite_schema')).toEqual([])
  expect(tables.length).toBeGreaterThan(4)
})
