// SQLite as Hearth opens it: whose file it is, which version, and that a commit is on the disk before it counts.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase, transaction } from '../../../electron/services/database.ts'
import { openStoreDatabase } from '../../../electron/services/store/schema.ts'
import { quickFolder } from '../../support/quickFolder.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(quickFolder, 'hearth-database-'))
  file = join(folder, 'inner', 'a.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const applicationId = 0x48_72_54_65
const first = 'CREATE TABLE one (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT'
const second = 'ALTER TABLE one ADD COLUMN age INTEGER; CREATE TABLE two (id INTEGER PRIMARY KEY) STRICT'
const open = (migrations: readonly string[] = [first], readOnly = false) =>
  openDatabase({ file, applicationId, migrations, readOnly })
const refused = (detail: string) =>
  expect.objectContaining({ problem: { code: 'store-unusable', detail: `${file}: ${detail}` } })

test('commits are on the disk before they count, and the schema is not trusted', () => {
  using database = open()
  const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  const names = ['journal_mode', 'synchronous', 'foreign_keys', 'trusted_schema', 'cell_size_check', 'mmap_size']
  expect(Object.fromEntries(names.map((name) => [name, pragma(name)]))).toEqual({
    journal_mode: 'wal',
    synchronous: 2,
    foreign_keys: 1,
    trusted_schema: 0,
    cell_size_check: 1,
    mmap_size: 0,
  })
  expect(pragma('busy_timeout')).toBe(5000)
  expect([pragma('application_id'), pragma('user_version')]).toEqual([applicationId, 1])
})

test('migrations run once, in their order, and keep what is there', () => {
  {
    using database = open([first])
    database.exec("INSERT INTO one (name) VALUES ('kept')")
  }
  using database = open([first, second])
  expect(database.prepare('SELECT * FROM one').all()).toMatchObject([{ id: 1, name: 'kept', age: null }])
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 })
})

test('a migration that fails leaves the version and the tables of before', () => {
  open([first]).close()
  expect(() => open([first, `${second}; CREATE TABLE one (id INTEGER) STRICT`])).toThrow('already exists')
  using database = open([first])
  expect(database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()).toEqual([{ name: 'one' }])
})

test('a file of a newer Hearth, of another program or of none is refused and left as it is', () => {
  open([first, second]).close()
  expect(() => open([first])).toThrow(refused('a newer version of Hearth made it'))
  rmSync(file)
  {
    using other = new DatabaseSync(file)
    other.exec('PRAGMA application_id = 7; CREATE TABLE foreign_table (a)')
  }
  const before = readFileSync(file)
  expect(() => open()).toThrow(refused('it belongs to another program'))
  expect(readFileSync(file)).toEqual(before)
  const text = 'this is no database, but a text that somebody wrote'
  writeFileSync(file, text)
  expect(() => open()).toThrow('not a database')
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('a reader writes nothing, and refuses what an older Hearth made', () => {
  open([first]).close()
  using reader = open([first], true)
  expect(() => reader.exec("INSERT INTO one (name) VALUES ('x')")).toThrow('readonly')
  expect(() => open([first, second], true)).toThrow(refused('an older version of Hearth made it'))
})

test('a transaction happens as a whole or not at all', () => {
  using database = open()
  const insert = database.prepare('INSERT INTO one (name) VALUES (?)')
  expect(() =>
    transaction(database, () => {
      insert.run('a')
      throw new Error('stopped')
    }),
  ).toThrow('stopped')
  expect(transaction(database, () => insert.run('b').lastInsertRowid)).toBe(1)
  expect(database.prepare('SELECT name FROM one').all()).toEqual([{ name: 'b' }])
})

test('every table of the store is strict', () => {
  using database = openStoreDatabase(folder)
  const tables = database.prepare("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").all()
  const loose = tables.filter(({ name, strict }) => strict !== 1 && name !== 'sqlite_schema')
  expect(loose).toEqual([])
  expect(tables.length).toBeGreaterThan(5)
  expect(() => database.exec("INSERT INTO blob (sha256, size_bytes, added_at_ms) VALUES ('a', 'many', 0)")).toThrow(
    'cannot store TEXT value',
  )
})
