import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ServiceError } from '../../../../electron/services/serviceError.ts'
import { createStore } from '../../../../electron/services/store/createStore.ts'
import { moveStore } from '../../../../electron/services/store/moveFolder.ts'
import { accountOf, contentOf, installContent } from '../../../support/modelsFolder.ts'
import { type MovingHome, modelsFolderNow, movingHome, switchIn } from '../../../support/movingHome.ts'
import { mountSmallDisk } from '../../../support/tmpfs.ts'

const { signal } = new AbortController()
let root: string
let home: string
let moving: MovingHome
beforeEach(() => {
  moving = movingHome()
  ;({ root, home } = moving)
})
afterEach(() => moving[Symbol.dispose]())

const folderNow = (owner = home) => modelsFolderNow(owner)

describe('a folder is refused, and everything stays as it was,', () => {
  const refusal = async (to: string) => {
    await using store = await createStore({ folder: folderNow() })
    await installContent(store, 'somebody/model', [contentOf(3)])
    const before = await accountOf(folderNow())
    const problem = await moveStore({ store, to, owner: home, switchTo: switchIn(home) }, signal).then(
      () => null,
      (error: unknown) => (error instanceof ServiceError ? error.problem : error),
    )
    expect(folderNow()).toBe(join(home, 'models'))
    expect(await accountOf(folderNow())).toEqual(before)
    expect(existsSync(join(folderNow(), 'store.move.json'))).toBe(false)
    return problem
  }
  const unusable = (detail: string) => ({ code: 'store-unusable', detail: expect.stringContaining(detail) })

  test('when it is inside the present one, also by a link', async () => {
    expect(await refusal(join(home, 'models', 'inner'))).toEqual(unusable('it is inside the present models folder'))
    symlinkSync(join(home, 'models'), join(root, 'link'))
    await rm(home, { recursive: true })
    expect(await refusal(join(root, 'link', 'inner'))).toEqual(unusable('it is inside the present models folder'))
  })

  test('when the present one is inside it', async () => {
    expect(await refusal(home)).toEqual(unusable('the present models folder is inside it'))
  })

  test('when something is in it', async () => {
    mkdirSync(join(root, 'full'))
    writeFileSync(join(root, 'full', 'file'), 'of a person')
    expect(await refusal(join(root, 'full'))).toEqual(unusable('it is not empty'))
    expect(readdirSync(join(root, 'full'))).toEqual(['file'])
  })

  test('when it is a file', async () => {
    writeFileSync(join(root, 'file'), 'of a person')
    expect(await refusal(join(root, 'file'))).toEqual(unusable('it is no folder'))
  })

  test('when another Hearth is about to use it', async () => {
    await using _other = await createStore({ folder: join(root, 'other') })
    for (const name of ['blobs', 'manifests', 'partial', 'work', 'store.db', 'store.db-wal', 'store.db-shm'])
      rmSync(join(root, 'other', name), { recursive: true, force: true })
    expect(await refusal(join(root, 'other'))).toMatchObject({ code: 'store-in-use' })
  })

  test('when its disk cannot be written', async ({ skip }) => {
    using disk = mountSmallDisk(8)
    if (disk === null) return skip('no disk of its own')
    mkdirSync(join(disk.folder, 'empty'))
    disk.remount('ro')
    expect(await refusal(join(disk.folder, 'new'))).toEqual(unusable('EROFS'))
    await rm(home, { recursive: true })
    expect(await refusal(join(disk.folder, 'empty'))).toMatchObject({ code: 'store-unusable' })
  })

  test('when its disk has too little room, with the numbers', async ({ skip }) => {
    using disk = mountSmallDisk(8)
    if (disk === null) return skip('no disk of its own')
    const problem = await refusal(join(disk.folder, 'new'))
    expect(problem).toMatchObject({ code: 'disk-full', needBytes: expect.any(Number), freeBytes: expect.any(Number) })
    expect(problem).toSatisfy(({ needBytes, freeBytes }) => needBytes > 64 * 2 ** 20 && freeBytes <= 8 * 2 ** 20)
    expect(readdirSync(disk.folder)).toEqual([])
  })

  test('when its disk fills up on the way', async ({ skip }) => {
    using disk = mountSmallDisk(80)
    if (disk === null) return skip('no disk of its own')
    const onBytes = () => {
      const filler = openSync(join(disk.folder, 'of another program'), 'a')
      try {
        for (;;) writeSync(filler, Buffer.alloc(2 ** 16))
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENOSPC' })
      } finally {
        closeSync(filler)
      }
    }
    await using store = await createStore({ folder: folderNow() })
    await installContent(store, 'somebody/model', [contentOf(3, 50_000), contentOf(4, 50_000)])
    const before = await accountOf(folderNow())
    const moving = moveStore(
      { store, to: join(disk.folder, 'new'), owner: home, switchTo: switchIn(home), onBytes },
      signal,
    )
    await expect(moving).rejects.toMatchObject({ problem: { code: 'disk-full' } })
    expect(await accountOf(folderNow())).toEqual(before)
    expect(readdirSync(disk.folder)).toEqual(['of another program'])
  })
})
