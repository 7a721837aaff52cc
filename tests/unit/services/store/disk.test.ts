// A models folder on a disk that is full, or that may not be written: said in the problem's own class, and nothing is lost or half there afterwards.
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createStore } from '../../../../electron/services/store/createStore.ts'
import { workFolder } from '../../../../electron/services/store/storePaths.ts'
import { verifyModel } from '../../../../electron/services/store/verify.ts'
import { content, install, publish, sha256 } from '../../../support/storeModels.ts'
import { mountSmallDisk } from '../../../support/tmpfs.ts'

const { signal } = new AbortController()

describe('a full disk', () => {
  const diskMiB = 8
  const fill = (folder: string, leaveBytes: number) => {
    const { bavail, bsize } = statfsSync(folder)
    writeFileSync(join(folder, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - leaveBytes)))
  }

  test('ends an installation with the numbers, frees what it wrote, and leaves the other models alone', async ({
    skip,
  }) => {
    using disk = mountSmallDisk(diskMiB) ?? skip()
    await using store = await createStore({ folder: disk.folder })
    const key = await install(store, 'a/small', [content(1)])
    const before = await store.freeBytes()
    const tooLarge = Array.from({ length: 12 }, (_, index) => Buffer.alloc(2 ** 20, index))
    await expect(install(store, 'a/large', tooLarge)).rejects.toMatchObject({
      problem: { code: 'disk-full', needBytes: 2 ** 20, freeBytes: expect.any(Number) },
    })
    expect(await store.freeBytes()).toBe(before)
    expect(store.models().map((model) => model.key)).toEqual([key])
    expect(await store.strays()).toEqual([])
    await install(store, 'a/another', [content(2)])
  })

  test.for([0, 4096, 8192, 16_384, 40_960])(
    'with %i bytes left, each change happens or does not',
    async (left, { skip }) => {
      using disk = mountSmallDisk(diskMiB) ?? skip()
      const contents = [1, 2, 3, 4].map((seed) => Buffer.alloc(6000, `content ${seed} `))
      const kept = contents[0] ?? Buffer.alloc(0)
      {
        await using store = await createStore({ folder: disk.folder })
        await install(store, 'a/kept', [kept])
        fill(disk.folder, left)
        const outcomes = await Promise.allSettled([
          ...contents.slice(1).map((bytes, index) => install(store, `a/${index}`, [bytes])),
        ])
        for (const outcome of outcomes)
          if (outcome.status === 'rejected')
            expect([left, outcome.reason.message, outcome.reason.problem?.code]).toEqual([
              left,
              outcome.reason.message,
              'disk-full',
            ])
        const installed = outcomes.filter(({ status }) => status === 'fulfilled').length
        expect(store.models()).toHaveLength(1 + installed)
      }
      rmSync(join(disk.folder, 'filler'))
      await using store = await createStore({ folder: disk.folder })
      for (const model of store.models()) expect(await verifyModel(store, model, () => {}, signal)).toEqual([])
      expect(store.models().map(({ manifest }) => manifest.id)).toContain('a/kept')
      expect(await store.strays()).toEqual([])
      await install(store, 'a/after', [content(5)])
    },
  )

  test('a part that cannot be published stays for the next time', async ({ skip }) => {
    using disk = mountSmallDisk(diskMiB) ?? skip()
    await using store = await createStore({ folder: disk.folder })
    const bytes = Buffer.alloc(100_000, 'part ')
    const hash = { kind: 'sha256', hex: sha256(bytes) } as const
    writeFileSync(store.partPaths(hash).part, bytes)
    fill(disk.folder, 0)
    const published = await store.publish(hash, { sha256: hash.hex, sizeBytes: bytes.length }).then(
      () => true,
      (error) => {
        expect(error.problem.code).toBe('disk-full')
        return false
      },
    )
    rmSync(join(disk.folder, 'filler'))
    if (!published) await store.publish(hash, { sha256: hash.hex, sizeBytes: bytes.length })
    expect(readFileSync(store.blob(hash)?.path ?? '')).toEqual(bytes)
  })
})

/** Root may write everywhere: as nobody it may not. */
const canBecomeNobody = process.getuid?.() === 0 && typeof process.seteuid === 'function'
const isRoot = process.getuid?.() === 0
if (isRoot && !canBecomeNobody) console.info('skipped: folders without permission (root ignores permissions)')

describe.skipIf((isRoot && !canBecomeNobody) || process.platform === 'win32')('a folder without permission', () => {
  const nobody = 65534
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hearth-denied-'))
    if (isRoot) chownSync(folder, nobody, nobody)
  })
  afterEach(() => {
    process.seteuid?.(process.getuid?.() ?? 0)
    chmodSync(folder, 0o700)
    rmSync(folder, { recursive: true, force: true })
  })
  const asNobody = () => {
    if (isRoot) process.seteuid?.(nobody)
  }

  test('is no models folder', async () => {
    chmodSync(folder, 0o500)
    asNobody()
    await expect(createStore({ folder })).rejects.toMatchObject({ problem: { code: 'store-unusable' } })
    await expect(createStore({ folder: join(folder, 'inner') })).rejects.toMatchObject({
      problem: { code: 'store-unusable' },
    })
  })

  test('that was taken away from an open store fails its changes, not the store', async () => {
    asNobody()
    await using store = await createStore({ folder })
    const key = await install(store, 'a/b', [content(1)])
    chmodSync(workFolder(folder), 0o500)
    await expect(install(store, 'a/c', [content(2)])).rejects.toMatchObject({ problem: { code: 'store-unusable' } })
    chmodSync(workFolder(folder), 0o700)
    await publish(store, content(2))
    expect(store.models().map((model) => model.key)).toEqual([key])
    await install(store, 'a/c', [content(2)])
  })
})
