// A part file is believed block by block, whatever became of it meanwhile.
import { createHash } from 'node:crypto'
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPart } from '../../../../electron/services/download/partFile.ts'
import type { HubFile } from '../../../../electron/services/hub/files.ts'
import { blobPath, partPaths } from '../../../../electron/services/store/storePaths.ts'
import { randomSource } from '../../../support/random.ts'

const blockBytes = 1000
const bytes = Uint8Array.from({ length: 4500 }, (_, index) => (index * 31) % 251)
const sha256 = (part: Uint8Array) => createHash('sha256').update(part).digest('hex')
const file: HubFile = { name: 'a', sizeBytes: bytes.length, hash: { kind: 'sha256', hex: sha256(bytes) } }

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-part-'))
})
afterEach(async () => await rm(folder, { recursive: true, force: true }))

const paths = () => ({ part: join(folder, 'x.part'), journal: join(folder, 'x.journal') })
async function writeBlocks(count: number): Promise<void> {
  await using part = await openPart(paths(), file, blockBytes)
  for (let block = 0; block < count; block++) {
    const piece = bytes.subarray(block * blockBytes, (block + 1) * blockBytes)
    await part.write(piece, block * blockBytes)
    part.record(block, sha256(piece))
  }
  await part.sync()
}
async function verifiedBytes(of = file, size = blockBytes): Promise<number> {
  await using part = await openPart(paths(), of, size)
  return bytesIn(part.blocks.keys())
}
async function believedBlocks(): Promise<readonly number[]> {
  await using part = await openPart(paths(), file, blockBytes)
  return [...part.blocks.keys()].sort()
}
/** Of these blocks. */
function bytesIn(blocks: Iterable<number>): number {
  return [...blocks].reduce((sum, block) => sum + Math.min(blockBytes, bytes.length - block * blockBytes), 0)
}

test('what was recorded is there when the file is opened again, and nothing more', async () => {
  expect(await verifiedBytes()).toBe(0)
  await writeBlocks(3)
  expect(await verifiedBytes()).toBe(3000)
  await writeBlocks(5)
  expect(await verifiedBytes()).toBe(4500)
})

test('a journal of another file or block size is not believed', async () => {
  await writeBlocks(3)
  expect(await verifiedBytes(file, 500)).toBe(0)
  await writeBlocks(3)
  expect(await verifiedBytes({ ...file, hash: { kind: 'sha256', hex: 'a'.repeat(64) } })).toBe(0)
})

test('with any byte flipped or lost, in the part or in the journal, only right blocks are believed', async () => {
  const seed = Number(process.env.HEARTH_SEED ?? Date.now() % 1e6)
  console.log(`seed ${seed}`)
  const random = randomSource(seed)
  for (let run = 0; run < 200; run++) {
    await writeBlocks(5)
    const path = random() < 0.5 ? paths().part : paths().journal
    const damaged = await readFile(path)
    const at = Math.floor(random() * damaged.length)
    if (random() < 0.5) await truncate(path, at)
    else await writeFile(path, damaged.with(at, (damaged[at] ?? 0) ^ (1 << Math.floor(random() * 8))))
    const believed = await believedBlocks()
    const onDisk = await readFile(paths().part)
    const isRight = believed.every((block) => {
      const [from, to] = [block * blockBytes, (block + 1) * blockBytes]
      return onDisk.subarray(from, to).equals(bytes.subarray(from, to))
    })
    expect([seed, run, isRight]).toEqual([seed, run, true])
    // Of a damaged part every other block is still believed.
    const hit = Math.floor(at / blockBytes)
    const left = onDisk.length < bytes.length ? [0, 1, 2, 3, 4].slice(0, hit) : [0, 1, 2, 3, 4].toSpliced(hit, 1)
    if (path === paths().part) expect(believed).toEqual(left)
    await rm(paths().part)
    await rm(paths().journal)
  }
})

test('a line that was cut off does not spoil the next one', async () => {
  await writeBlocks(2)
  await appendFile(paths().journal, '2 abc')
  expect(await verifiedBytes()).toBe(2000)
  await writeBlocks(3)
  expect(await verifiedBytes()).toBe(3000)
})

test('nothing but a hash becomes a path', () => {
  for (const hex of [
    '../../../../x',
    '',
    'A'.repeat(64),
    `${'a'.repeat(63)}/`,
    'a'.repeat(40),
    `${'a'.repeat(64)}\n`,
  ]) {
    expect(() => blobPath('/store', hex)).toThrow('no hash')
    expect(() => partPaths('/store', { kind: 'sha256', hex })).toThrow('no hash')
  }
  expect(blobPath('/store', 'a'.repeat(64))).toBe(join('/store', 'blobs', 'a'.repeat(64)))
})
