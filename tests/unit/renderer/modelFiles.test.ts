// How the worker reads the files of a model: checked, in ranges of one block, two shards ahead.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openModelFiles } from '../../../renderer/inference/modelFiles.ts'
import { readVerified } from '../../../renderer/inference/verifiedFile.ts'
import { fileBlockBytes, type InstalledModel, type StoredFile } from '../../../shared/model.ts'
import { manifestOf } from '../../support/models.ts'
import { randomSource } from '../../support/random.ts'

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

function contentOf(sizeBytes: number, seed: number): Uint8Array<ArrayBuffer> {
  const next = randomSource(seed)
  const bytes = new Uint8Array(sizeBytes)
  for (let at = 0; at < sizeBytes; at += 4099) bytes[at] = next() * 256
  return bytes
}

function storedFileOf(name: string, bytes: Uint8Array, withBlocks: boolean): StoredFile {
  const starts = Array.from({ length: Math.ceil(bytes.length / fileBlockBytes) }, (_, block) => block * fileBlockBytes)
  const blocks = starts.map((start) => hash(bytes.subarray(start, start + fileBlockBytes)))
  const listed = withBlocks && bytes.length > fileBlockBytes ? { blocks } : {}
  return { name, sizeBytes: bytes.length, sha256: hash(bytes), ...listed }
}

/** A store that answers from memory as the two protocols do; `change` may alter what it gives. */
function storeOf(contents: Readonly<Record<string, Uint8Array>>, withBlocks = true) {
  const files = Object.entries(contents).map(([name, bytes]) => storedFileOf(name, bytes, withBlocks))
  const model: InstalledModel = { key: 'a'.repeat(64), bundled: false, manifest: { ...manifestOf('base'), files } }
  const asked: string[] = []
  const served = new Map(Object.entries(contents).map(([name, bytes]) => [name, bytes.slice()]))
  let arrivedBytes = 0
  const fetch = async (url: string, init?: RequestInit) => {
    const index = Number(url.split('/').at(-1))
    const name = files[index]?.name ?? ''
    const range = new Headers(init?.headers).get('range')
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
    asked.push(`${url.split(':')[0]} ${name}${start === undefined ? '' : ` ${Number(start) / fileBlockBytes}`}`)
    const bytes = served.get(name)
    if (bytes === undefined) return new Response(null, { status: 404 })
    return new Response(start === undefined ? bytes : bytes.subarray(Number(start), Number(end) + 1))
  }
  const sha256 = async (bytes: Uint8Array) => hash(bytes)
  const arrived = (bytes: number) => {
    arrivedBytes += bytes
  }
  let reading = 0
  let mostAtOnce = 0
  const opened = openModelFiles(model, { fetch, sha256 }, async (entry, memory) => {
    reading += 1
    mostAtOnce = Math.max(mostAtOnce, reading)
    await readVerified(entry, new Uint8Array(memory, 0, entry.file.sizeBytes), { fetch, sha256, arrived })
    reading -= 1
    return memory
  })
  return { opened, served, asked, arrivedBytes: () => arrivedBytes, mostAtOnce: () => mostAtOnce, key: model.key }
}

const small = contentOf(1000, 1)
const large = contentOf(2 * fileBlockBytes + 77, 2)

test('a small file comes whole from the store that checks, a large one in blocks from Chromium', async () => {
  const { opened, asked } = storeOf({ 'tokenizer.json': small, 'big.bin': large })
  expect((await opened.read('tokenizer.json')).length).toBe(1000)
  expect(hash(await opened.read('big.bin'))).toBe(hash(large))
  expect(asked.sort()).toEqual([
    'hearth-model tokenizer.json',
    'hearth-weights big.bin 0',
    'hearth-weights big.bin 1',
    'hearth-weights big.bin 2',
  ])
})

test('one changed byte anywhere names its file and block, and nothing of the file is given', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(large.length - 1), async (at) => {
      const { opened, served, key } = storeOf({ 'params_shard_0.bin': large })
      const bytes = served.get('params_shard_0.bin')
      if (bytes !== undefined) bytes[at] = (bytes[at] ?? 0) ^ 1
      await expect(opened.readShard('params_shard_0.bin')).rejects.toMatchObject({
        problem: { code: 'damaged-file', key, file: 'params_shard_0.bin', block: Math.floor(at / fileBlockBytes) },
      })
    }),
    { seed: 11, numRuns: 8 },
  )
})

test('a large file of a manifest without blocks is checked as a whole', async () => {
  const { opened, served } = storeOf({ 'params_shard_0.bin': large }, false)
  expect(hash(await opened.readShard('params_shard_0.bin'))).toBe(hash(large))
  const bytes = served.get('params_shard_0.bin')
  if (bytes !== undefined) bytes[5] = 1 + (bytes[5] ?? 0)
  await expect(opened.read('params_shard_0.bin')).rejects.toMatchObject({
    problem: { code: 'damaged-file', file: 'params_shard_0.bin', block: null },
  })
})

test('a file that has become shorter or longer is damaged, and one that is gone says what the store answered', async () => {
  const { opened, served } = storeOf({ 'tokenizer.json': small })
  for (const changed of [small.slice(1), contentOf(1001, 1)]) {
    served.set('tokenizer.json', changed)
    await expect(opened.read('tokenizer.json')).rejects.toMatchObject({ problem: { code: 'damaged-file', block: 0 } })
  }
  served.delete('tokenizer.json')
  await expect(opened.read('tokenizer.json')).rejects.toThrow('tokenizer.json: the store answered 404')
  await expect(opened.read('other.json')).rejects.toThrow('the manifest lists no other.json')
})

test('while one shard is used the next two are read, in the order of their numbers, into memory that is used again', async () => {
  const names = Array.from({ length: 12 }, (_, number) => `params_shard_${number}.bin`)
  const contents = Object.fromEntries(names.map((name, seed) => [name, contentOf(2000 - seed, seed)]))
  const { opened, asked, arrivedBytes, mostAtOnce } = storeOf(contents)
  const buffers = new Set<ArrayBuffer>()
  for (const [number, name] of names.entries()) {
    const bytes = await opened.readShard(name)
    expect(hash(bytes)).toBe(hash(contents[name] ?? small))
    expect(asked.length).toBe(Math.min(names.length, number + 3))
    buffers.add(bytes.buffer as ArrayBuffer)
  }
  expect([buffers.size, mostAtOnce()]).toEqual([3, 2])
  expect(arrivedBytes()).toBe(names.reduce((sum, _, seed) => sum + 2000 - seed, 0))
})

test('damage in a shard that is read ahead is told when that shard is asked for', async () => {
  const names = ['params_shard_0.bin', 'params_shard_1.bin']
  const { opened, served } = storeOf({ [names[0] ?? '']: contentOf(500, 1), [names[1] ?? '']: contentOf(500, 2) })
  served.set('params_shard_1.bin', contentOf(500, 3))
  expect((await opened.readShard('params_shard_0.bin')).length).toBe(500)
  await expect(opened.readShard('params_shard_1.bin')).rejects.toMatchObject({
    problem: { code: 'damaged-file', file: 'params_shard_1.bin', block: 0 },
  })
})
