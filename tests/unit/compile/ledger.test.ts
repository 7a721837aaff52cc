// What the ledger says of the files that pass, against hashing them as a whole.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nodeHashers } from '../../../electron/services/files.ts'
import { createLedger } from '../../../shared/compiler/ledger.ts'
import { blockHashes, storedFile } from '../../../shared/model.ts'

const { signal } = new AbortController()
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('a file larger than a block has the hash of every block, wherever its chunks end', async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(chunks, fc.integer({ min: 1, max: 50 }), async (pieces, blockBytes) => {
      const bytes = Buffer.concat(pieces)
      const ledger = createLedger({ write: async () => {} }, nodeHashers, blockBytes)
      await ledger.write('a.bin', new Uint8Array(), signal)
      for (const piece of pieces) await ledger.write('a.bin', piece, signal)
      const blocks = Array.from({ length: Math.ceil(bytes.length / blockBytes) }, (_, index) =>
        sha256(bytes.subarray(index * blockBytes, (index + 1) * blockBytes)),
      )
      const file = { name: 'a.bin', sizeBytes: bytes.length, sha256: sha256(bytes) }
      const [told, ...others] = ledger.close()
      expect(others).toEqual([])
      expect(told).toEqual(bytes.length > blockBytes ? { ...file, blocks } : file)
      expect(told && blockHashes(told, blockBytes)).toEqual(blocks.length > 1 ? blocks : [file.sha256])
    }),
  )
})

test('hashes of blocks that do not fit the size are not believed', () => {
  const file = { name: 'a', sizeBytes: 25, sha256: sha256(new Uint8Array()) }
  const blocks = [file.sha256, file.sha256]
  expect(blockHashes(file, 10)).toBeNull()
  expect(blockHashes({ ...file, blocks }, 10)).toBeNull()
  expect(blockHashes({ ...file, blocks: [...blocks, file.sha256] }, 10)).toHaveLength(3)
  expect(storedFile.safeParse({ ...file, blocks: ['../x'] }).success).toBe(false)
})
