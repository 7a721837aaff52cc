// Damage is found wherever it is, told by block, and made good without touching what is right.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPart } from '../../../../electron/services/download/partFile.ts'
import { createStore } from '../../../../electron/services/store/createStore.ts'
import type { Store } from '../../../../electron/services/store/store.ts'
import { verifyModel } from '../../../../electron/services/store/verify.ts'
import { quickFolder } from '../../../support/quickFolder.ts'
import { content, install, publish, sha256 } from '../../../support/storeModels.ts'

const { signal } = new AbortController()
const blockBytes = 100
let root: string
let folder: string
beforeEach(() => {
  root = mkdtempSync(join(quickFolder, 'hearth-verify-'))
  folder = join(root, 'models')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const long = (seed: number, sizeBytes = 450) =>
  Buffer.from(Array.from({ length: sizeBytes }, (_, at) => (at * 31 + seed * 7) % 251))
async function check(store: Store, key: string) {
  const model = store.models().find((one) => one.key === key)
  if (model === undefined) throw new Error('no such model')
  const damage = await verifyModel(store, model, () => {}, signal, blockBytes)
  store.checked(key, damage)
  return damage
}
const damageByte = (path: string, at: number) => {
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.with(at, (bytes[at] ?? 0) ^ 1))
}
const pathOf = (store: Store, key: string, index: number) => store.file(key, index)?.path ?? ''

test('any flipped bytes and any cut are found, in the blocks where they are', async () => {
  await using store = await createStore({ folder, blockBytes })
  const sizes = [0, 1, 99, 100, 101, 450]
  const files = sizes.map((size, index) => long(index + 1, size))
  const key = await install(store, 'a/b', files, [], { blockBytes })
  expect(await check(store, key)).toEqual([])
  const flips = fc.uniqueArray(fc.nat({ max: 1000 }), { maxLength: 4 })
  const damage = fc.record({ index: fc.integer({ min: 1, max: 5 }), flips, cut: fc.option(fc.nat({ max: 600 })) })
  await fc.assert(
    fc.asyncProperty(damage, async ({ index, flips, cut }) => {
      const path = pathOf(store, key, index)
      const right = readFileSync(path)
      const wrong = Buffer.from(right)
      for (const at of flips) wrong[at % wrong.length] = (right[at % right.length] ?? 0) ^ 255
      const left = cut === null ? wrong : wrong.subarray(0, cut)
      writeFileSync(path, left)
      const bad = Array.from({ length: Math.ceil(right.length / blockBytes) }, (_, block) => block).filter((block) => {
        const [start, end] = [block * blockBytes, Math.min(right.length, (block + 1) * blockBytes)]
        return !left.subarray(start, end).equals(right.subarray(start, end))
      })
      const found = await check(store, key)
      writeFileSync(path, right)
      expect(found.map(({ file, badBlocks }) => ({ file, badBlocks }))).toEqual(
        bad.length === 0 ? [] : [{ file: `file${index}.bin`, badBlocks: bad }],
      )
    }),
  )
})

test('a file that is longer than it should be is damaged, though each of its blocks is right', async () => {
  await using store = await createStore({ folder, blockBytes })
  const key = await install(store, 'a/b', [long(1)], [], { blockBytes })
  appendFileSync(pathOf(store, key, 0), 'x')
  expect(await check(store, key)).toEqual([
    { file: 'file0.bin', detail: 'it has 451 bytes, expected 450', badBlocks: [] },
  ])
})

test('a model without hashes of blocks is checked as a whole; progress goes from nothing to everything', async () => {
  await using store = await createStore({ folder, blockBytes })
  const key = await install(store, 'a/b', [long(1), long(2)])
  damageByte(pathOf(store, key, 1), 7)
  const seen: number[] = []
  const [model] = store.models()
  if (model === undefined) throw new Error('no model')
  const damage = await verifyModel(store, model, (done, total) => seen.push(done / total), signal, blockBytes)
  expect(damage).toEqual([{ file: 'file1.bin', detail: 'its bytes are not those of the manifest', badBlocks: null }])
  expect(seen.at(0)).toBe(0)
  expect(seen.at(-1)).toBe(1)
  expect(seen).toEqual(seen.toSorted((a, b) => a - b))
})

test('a check that is given up ends with the reason', async () => {
  await using store = await createStore({ folder })
  await install(store, 'a/b', [long(1), long(2)])
  const [model] = store.models()
  if (model === undefined) throw new Error('no model')
  const stop = new AbortController()
  const reason = new Error('enough')
  const run = verifyModel(store, model, (done) => done > 0 && stop.abort(reason), stop.signal)
  await expect(run).rejects.toBe(reason)
})

test('published content that is damaged is withdrawn, keeps its right blocks, and is whole after its download', async () => {
  await using store = await createStore({ folder, blockBytes })
  const [made, fetched] = [long(1), long(2)]
  const key = await install(store, 'a/b', [made], [fetched], { blockBytes })
  damageByte(pathOf(store, key, 1), 250)
  await check(store, key)
  const hash = { kind: 'sha256', hex: sha256(fetched) } as const
  expect(store.repairPlan(key)).toEqual([
    {
      file: 'file1.bin',
      detail: '1 of 5 blocks are not those of the manifest',
      badBlocks: [2],
      sha256: hash.hex,
      sizeBytes: 450,
      how: 'fetch',
    },
  ])
  await store.withdraw(hash.hex)
  expect(store.blob(hash)).toBeNull()
  expect(store.repairPlan(key)).toMatchObject([{ file: 'file1.bin', how: 'fetch' }])
  {
    await using part = await openPart(store.partPaths(hash), { name: 'x', sizeBytes: 450, hash }, blockBytes)
    expect([...part.blocks.keys()]).toEqual([0, 1, 3, 4])
    await part.write(fetched.subarray(200, 300), 200)
    part.record(2, sha256(fetched.subarray(200, 300)))
    await part.sync()
  }
  await store.publish(hash, { sha256: hash.hex, sizeBytes: 450 })
  expect(await check(store, key)).toEqual([])
  expect(store.repairPlan(key)).toEqual([])
  expect(readFileSync(pathOf(store, key, 1))).toEqual(fetched)
})

test('what was made here is made again: installing the same model mends it, and only then', async () => {
  await using store = await createStore({ folder, blockBytes })
  const files = [long(1), long(2)]
  const key = await install(store, 'a/b', files, [], { blockBytes })
  await expect(install(store, 'a/b', files, [], { blockBytes })).rejects.toThrow('installed already')
  truncateSync(pathOf(store, key, 0), 230)
  damageByte(pathOf(store, key, 1), 3)
  await check(store, key)
  expect(store.repairPlan(key)).toMatchObject([
    { file: 'file0.bin', how: 'make' },
    { file: 'file1.bin', badBlocks: [0], how: 'make' },
  ])
  for (const { sha256 } of store.repairPlan(key)) await store.withdraw(sha256)
  expect(await install(store, 'a/b', files, [], { blockBytes })).toBe(key)
  expect(store.known(key).damage).toEqual([])
  expect(await check(store, key)).toEqual([])
  expect(await store.strays()).toEqual([])
  expect(await store.remove(key)).toBe(900)
})

test('a model that is mended mends the content it shares with others, and nothing else of them', async () => {
  await using store = await createStore({ folder })
  const key = await install(store, 'a/b', [long(1)])
  const other = await install(store, 'a/c', [long(2), long(1)])
  damageByte(pathOf(store, key, 0), 3)
  damageByte(pathOf(store, other, 0), 3)
  expect(await check(store, key)).toHaveLength(1)
  expect(await check(store, other)).toHaveLength(2)
  await store.withdraw(sha256(long(1)))
  expect(await install(store, 'a/b', [long(1)])).toBe(key)
  expect(store.known(key).damage).toEqual([])
  expect(store.known(other).damage).toEqual([
    { file: 'file0.bin', detail: 'its bytes are not those of the manifest', badBlocks: null },
  ])
})

test('a blob that somebody deleted is missing without a check, and comes again', async () => {
  await using store = await createStore({ folder })
  const key = await install(store, 'a/b', [], [content(1)])
  unlinkSync(pathOf(store, key, 0))
  expect(store.blob({ kind: 'sha256', hex: sha256(content(1)) })).toBeNull()
  expect(store.repairPlan(key)).toMatchObject([{ file: 'file0.bin', detail: 'it is missing', how: 'fetch' }])
  await publish(store, content(1))
  expect(store.repairPlan(key)).toEqual([])
  expect(() => store.repairPlan('0'.repeat(64))).toThrow('not installed')
})

test('a file of another program is told to be damaged and left as it is', async () => {
  await using store = await createStore({ folder })
  const foreign = join(root, 'foreign.bin')
  writeFileSync(foreign, content(1))
  const key = await install(store, 'a/b', [content(2)], [], { inPlace: [{ path: foreign, bytes: content(1) }] })
  expect(store.records()).toMatchObject([
    { place: 'in-place', ownBytes: content(2).length, sizeBytes: content(1).length + content(2).length },
  ])
  damageByte(foreign, 0)
  await check(store, key)
  expect(store.repairPlan(key)).toMatchObject([{ file: 'file1.bin', how: 'elsewhere' }])
  expect(await store.remove(key)).toBe(content(2).length)
  expect(readFileSync(foreign)).toHaveLength(content(1).length)
})
