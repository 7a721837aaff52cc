// Models of the store as the window and the command line see them: without the writer's lock, beside it, and on a disk that cannot be written.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createModelLibrary } from '../../../../electron/services/library.ts'
import { createStore } from '../../../../electron/services/store/createStore.ts'
import { databasePath } from '../../../../electron/services/store/storePaths.ts'
import { content, install } from '../../../support/storeModels.ts'
import { mountSmallDisk } from '../../../support/tmpfs.ts'

let root: string
let storeFolder: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hearth-read-'))
  storeFolder = join(root, 'models')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))
const open = () => createModelLibrary({ storeFolder, bundledFolder: join(root, 'none') })

test('models of the store are listed while their writer works, and after it has gone', async () => {
  const library = open()
  expect(await library.list()).toEqual([])
  const store = await createStore({ folder: storeFolder })
  expect(await library.list()).toEqual([])
  const key = await install(store, 'a/b', [content(1), content(2)])
  expect(await library.list()).toEqual(store.models())
  const { path } = store.file(key, 1) ?? {}
  const stored = store.models()[0]?.manifest.files[1]
  const expected = { ...stored, path, isInPlace: false }
  expect(await library.file(key, 1)).toEqual(expected)
  await store[Symbol.asyncDispose]()
  expect(await open().file(key, 1)).toEqual(expected)
  expect(await open().file(key, 2)).toBeNull()
  expect(await open().problems()).toEqual([])
})

test('a file that changed its size is not given', async () => {
  await using store = await createStore({ folder: storeFolder })
  const key = await install(store, 'a/b', [content(1)])
  truncateSync(store.file(key, 0)?.path ?? '', 3)
  expect(await open().file(key, 0)).toBeNull()
})

test('a file of another program is given by its real path; one that leads elsewhere since is not', async () => {
  await using store = await createStore({ folder: storeFolder })
  const target = join(root, 'target.bin')
  const link = join(root, 'link.bin')
  writeFileSync(target, content(1))
  symlinkSync(target, link)
  const key = await install(store, 'a/b', [content(2)], [], { inPlace: [{ path: link, bytes: content(1) }] })
  expect(await open().file(key, 1)).toMatchObject({ path: target, isInPlace: true })
  rmSync(target)
  writeFileSync(join(root, 'other.bin'), content(1))
  symlinkSync(join(root, 'other.bin'), target)
  expect(await open().file(key, 1)).toBeNull()
})

test('a store that is locked for a moment has no models yet; a file that is no database is told', async () => {
  const store = await createStore({ folder: storeFolder })
  const key = await install(store, 'a/b', [content(1)])
  await store[Symbol.asyncDispose]()
  const library = open()
  {
    using other = new DatabaseSync(databasePath(storeFolder))
    other.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE model SET added_at_ms = 1')
    expect(await library.list()).toEqual([])
    expect(await library.problems()).toEqual([])
  }
  expect((await library.list()).map((model) => model.key)).toEqual([key])
  const damaged = join(root, 'damaged')
  mkdirSync(damaged)
  writeFileSync(databasePath(damaged), 'this is no database, but a text of some length')
  const other = createModelLibrary({ storeFolder: damaged, bundledFolder: join(root, 'none') })
  expect(await other.list()).toEqual([])
  expect(await other.problems()).toEqual([{ folder: damaged, problem: 'file is not a database' }])
})

test('models on a disk that cannot be written are listed', async ({ skip }) => {
  using disk = mountSmallDisk(4) ?? skip()
  const store = await createStore({ folder: disk.folder })
  const key = await install(store, 'a/b', [content(1)])
  await store[Symbol.asyncDispose]()
  disk.remount('ro')
  const library = createModelLibrary({ storeFolder: disk.folder, bundledFolder: join(root, 'none') })
  expect((await library.list()).map((model) => model.key)).toEqual([key])
  expect(await library.file(key, 0)).not.toBeNull()
  await expect(createStore({ folder: disk.folder })).rejects.toMatchObject({ problem: { code: 'store-unusable' } })
})
