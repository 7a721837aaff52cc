import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { canVerify, DamagedBlock, verifiedRange } from '../../../electron/services/verifiedFile.ts'
import { fileBlockBytes } from '../../../shared/model.ts'

const folder = mkdtempSync(join(tmpdir(), 'hearth-verified-'))
const sizeBytes = 2 * fileBlockBytes + 12_345
const content = new Uint8Array(sizeBytes)
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const path = join(folder, 'weights')

beforeAll(() => {
  for (let at = 0; at < sizeBytes; at += 4096) content[at] = at / 4096
  writeFileSync(path, content)
})
afterAll(() => rmSync(folder, { recursive: true }))

const fileOf = (bytes: Uint8Array) => ({
  name: 'weights',
  path,
  sizeBytes,
  sha256: hash(bytes),
  blocks: [0, 1, 2].map((block) => hash(bytes.subarray(block * fileBlockBytes, (block + 1) * fileBlockBytes))),
})

async function read(file: ReturnType<typeof fileOf>, start: number, end: number): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of await verifiedRange(file, { start, end })) parts.push(part)
  return Buffer.concat(parts)
}

test('any range gives the bytes of the file', async () => {
  const file = fileOf(content)
  const position = fc.oneof(
    fc.nat(sizeBytes - 1),
    fc.constantFrom(0, fileBlockBytes - 1, fileBlockBytes, 2 * fileBlockBytes, sizeBytes - 1),
  )
  await fc.assert(
    fc.asyncProperty(position, position, async (a, b) => {
      const [start, end] = [Math.min(a, b), Math.max(a, b)]
      expect((await read(file, start, end)).equals(content.subarray(start, end + 1))).toBe(true)
    }),
    { seed: 7, numRuns: 20 },
  )
})

test('of a damaged block no byte is given, and those before it are', async () => {
  const wrong = content.slice()
  wrong[fileBlockBytes + 5] = 99
  const file = fileOf(wrong)
  await expect(verifiedRange(file, { start: fileBlockBytes + 100, end: fileBlockBytes + 200 })).rejects.toThrow(
    DamagedBlock,
  )
  let given = 0
  const whole = async () => {
    for await (const part of await verifiedRange(file, { start: 0, end: sizeBytes - 1 })) given += part.length
  }
  await expect(whole()).rejects.toMatchObject({ block: 1 })
  expect(given).toBe(fileBlockBytes)
  expect((await read(file, 2 * fileBlockBytes, sizeBytes - 1)).length).toBe(12_345)
})

test('a file that was cut off is damaged where it ends', async () => {
  const short = join(folder, 'short')
  writeFileSync(short, content.subarray(0, fileBlockBytes + 10))
  await expect(read({ ...fileOf(content), path: short }, 0, sizeBytes - 1)).rejects.toMatchObject({ block: 1 })
})

test('without hashes of its blocks a large file cannot be checked in parts; a small one has one block', () => {
  const { blocks: _, ...before } = fileOf(content)
  expect([canVerify(before), canVerify({ ...before, blocks: ['0'.repeat(64)] }), canVerify(fileOf(content))]).toEqual([
    false,
    false,
    true,
  ])
  expect(canVerify({ ...before, sizeBytes: fileBlockBytes })).toBe(true)
})
