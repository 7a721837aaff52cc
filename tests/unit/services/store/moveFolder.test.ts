import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkModelsFolder } from '../../../../electron/services/modelsFolder.ts'
import { hearthPaths } from '../../../../electron/services/paths.ts'
import { createStore } from '../../../../electron/services/store/createStore.ts'
import { type MovedFolder, moveStore, settleMove } from '../../../../electron/services/store/moveFolder.ts'
import { contents, everything, fillFolder } from '../../../support/folderContents.ts'
import { accountOf, contentOf, installContent, sha256Of, writePlainModel } from '../../../support/modelsFolder.ts'
import { runMoveRig } from '../../../support/moveRig.ts'
import { type MovingHome, modelsFolderNow, movingHome, switchIn } from '../../../support/movingHome.ts'
import { randomSource } from '../../../support/random.ts'
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

/** Opens what the settings name, moves it and opens it there, as the models process does. */
async function moveTo(
  to: string,
  abort: AbortSignal = signal,
  onBytes?: (done: number, total: number) => void,
): Promise<MovedFolder> {
  let moved: MovedFolder
  {
    await using store = await createStore({ folder: folderNow() })
    await settleMove(store.folder, home)
    moved = await moveStore({ store, to, owner: home, switchTo: switchIn(home), ...(onBytes && { onBytes }) }, abort)
  }
  await using store = await createStore({ folder: folderNow() })
  expect(await settleMove(store.folder, home)).toBe(true)
  return moved
}

describe.each(['the same disk', 'another disk'])('to %s', (which) => {
  test('everything arrives, nothing is left behind, and a move that is stopped leaves everything as it was', async ({
    skip,
  }) => {
    using disk = which === 'another disk' ? mountSmallDisk(256) : null
    if (which === 'another disk' && disk === null) return skip('no disk of its own')
    const places = disk?.folder ?? root
    let count = 0
    await fc.assert(
      fc.asyncProperty(
        contents,
        fc.boolean(),
        fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
        async (filled, isThere, stopAt) => {
          count += 1
          home = join(root, `home-${count}`)
          mkdirSync(home)
          {
            await using store = await createStore({ folder: folderNow() })
            await fillFolder(store, filled)
          }
          const before = await accountOf(folderNow())
          const to = join(places, `new-${count}`, 'models')
          if (isThere) mkdirSync(to, { recursive: true })
          const stop = new AbortController()
          const moving = moveTo(to, stop.signal, (done, total) => {
            if (stopAt !== null && done >= stopAt * total) stop.abort()
          })
          const moved = await moving.catch((error: unknown) => {
            if (!stop.signal.aborted) throw error
            return null
          })
          expect(await accountOf(folderNow())).toEqual(before)
          expect(folderNow()).toBe(moved === null ? join(home, 'models') : to)
          if (moved === null) expect(existsSync(to) ? readdirSync(to) : null).toEqual(isThere ? [] : null)
          else {
            expect(existsSync(join(home, 'models'))).toBe(false)
            expect(moved.damaged).toEqual([])
            if (filled.hasOther) expect(readFileSync(join(to, 'notes of a person.txt'), 'utf8')).toBe('notes')
          }
          expect(existsSync(join(folderNow(), 'store.move.json'))).toBe(false)
        },
      ),
      { numRuns: 10, seed: 7 },
    )
  })

  test('a kill at any point leaves the old or the new folder whole, and the next start goes on from there', async ({
    skip,
  }) => {
    using disk = which === 'another disk' ? mountSmallDisk(256) : null
    if (which === 'another disk' && disk === null) return skip('no disk of its own')
    const places = disk?.folder ?? root
    home = join(root, 'home')
    {
      await using store = await createStore({ folder: folderNow() })
      await fillFolder(store, everything)
    }
    const expected = await accountOf(folderNow())
    const template = join(root, 'template')
    const keep = { recursive: true, verbatimSymlinks: true } as const
    cpSync(home, template, keep)
    const again = () => {
      rmSync(home, { recursive: true, force: true })
      cpSync(template, home, keep)
    }
    const { done } = JSON.parse((await runMoveRig([home, join(places, 'moved')])).output) as { readonly done: number }
    expect(await accountOf(join(places, 'moved'))).toEqual(expected)
    const seed = 20_261_128
    const random = randomSource(seed)
    const kills = 15
    for (let index = 0; index < kills; index++) {
      // One kill in each part of the run, so that all of it is covered.
      const at = 1 + Math.min(done - 1, Math.floor(((index + random()) * done) / kills))
      const when = random() < 0.5 ? 'before' : 'after'
      const label = `seed ${seed}, kill ${index}: ${when} thing ${at} of ${done}`
      again()
      const to = join(places, `moved-${index}`, 'models')
      const { signal: ended } = await runMoveRig([home, to, String(at), when])
      expect(ended, label).toBe('SIGKILL')
      expect(await accountOf(folderNow()), label).toEqual(expected)
      const switched = folderNow() === to
      await moveTo(to)
      expect(await accountOf(to), label).toEqual(expected)
      expect(existsSync(join(home, 'models')), `${label}, switched ${switched}`).toBe(false)
      expect(readdirSync(to), label).not.toContain('store.move.json')
    }
  })
})

test('an old folder that another Hearth used in the meantime stays as it is', async () => {
  const to = join(root, 'new')
  const old = folderNow()
  {
    await using store = await createStore({ folder: old, now: () => 1000 })
    await installContent(store, 'somebody/model', [contentOf(3)])
    await moveStore({ store, to, owner: home, switchTo: switchIn(home), now: () => 2000 }, signal)
    expect(folderNow()).toBe(to)
  }
  {
    await using store = await createStore({ folder: old, now: () => 3000 })
    await installContent(store, 'somebody/newer', [contentOf(4)])
    expect(await settleMove(old, join(root, 'home of another'))).toBe(true)
  }
  const account = await accountOf(old)
  await using store = await createStore({ folder: to })
  expect(await settleMove(to, home)).toBe(true)
  expect(await accountOf(old)).toEqual(account)
  expect(store.models().map(({ manifest }) => manifest.id)).toEqual(['somebody/model'])
})

test('a file that a person changed in the old folder after the move stays there', async () => {
  const to = join(root, 'new')
  const old = folderNow()
  {
    await using store = await createStore({ folder: old })
    writePlainModel(join(old, 'local', 'plain'), 'local/plain', [contentOf(3)])
    await moveStore({ store, to, owner: home, switchTo: switchIn(home) }, signal)
    rmSync(join(old, 'local', 'plain', 'file0.bin'))
    writeFileSync(join(old, 'local', 'plain', 'file0.bin'), 'something of a person')
  }
  await using _store = await createStore({ folder: to })
  expect(await settleMove(to, home)).toBe(true)
  expect(readdirSync(old, { recursive: true })).toEqual([
    'local',
    join('local', 'plain'),
    join('local', 'plain', 'file0.bin'),
  ])
})

test('content that is damaged before the move comes along as it was, and a copy says which', async ({ skip }) => {
  using disk = mountSmallDisk(128)
  if (disk === null) return skip('no disk of its own')
  {
    await using store = await createStore({ folder: folderNow() })
    await installContent(store, 'somebody/model', [contentOf(3)])
    writeFileSync(join(folderNow(), 'blobs', sha256Of(contentOf(3))), contentOf(3).fill('x'))
  }
  const before = await accountOf(folderNow())
  const moved = await moveTo(join(disk.folder, 'new'))
  expect(moved.damaged).toEqual([sha256Of(contentOf(3))])
  expect(await accountOf(folderNow())).toEqual(before)
})

test('a move to where the folder is does nothing', async () => {
  await using store = await createStore({ folder: folderNow() })
  symlinkSync(folderNow(), join(root, 'link'))
  const request = { store, owner: home, switchTo: () => expect.unreachable() }
  const still = { folder: store.folder, damaged: [] }
  expect(await moveStore({ ...request, to: folderNow() }, signal)).toEqual(still)
  expect(await moveStore({ ...request, to: join(root, 'link') }, signal)).toEqual(still)
})

test('where the settings cannot be written both folders stay, and the next start removes the new one', async () => {
  const to = join(root, 'new')
  const failing = () => Promise.reject(new Error('no settings today'))
  {
    await using store = await createStore({ folder: folderNow() })
    await installContent(store, 'somebody/model', [contentOf(3)])
    await expect(moveStore({ store, to, owner: home, switchTo: failing }, signal)).rejects.toThrow('no settings today')
    expect(await accountOf(to)).toEqual(await accountOf(folderNow()))
  }
  await using store = await createStore({ folder: folderNow() })
  expect(await settleMove(store.folder, home)).toBe(true)
  expect(existsSync(to)).toBe(false)
  expect(store.models()).toHaveLength(1)
})

test('a models folder that was moved to a disk that is not there is not made anew', () => {
  const paths = hearthPaths({ HEARTH_HOME: home })
  const gone = join(root, 'unplugged', 'models')
  expect(checkModelsFolder({ modelsFolder: null }, paths)).toBe(join(home, 'models'))
  expect(() => checkModelsFolder({ modelsFolder: gone }, paths)).toThrow('is its disk connected?')
  expect(existsSync(gone)).toBe(false)
})
