// Damaged PyTorch files: bits, bytes, cuts and insertions anywhere give either tensors within the file or one CompileError, never anything else.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesPerElement, type TensorEntry } from '../../../shared/compiler/checkpoint/safetensors.ts'
import { CompileError } from '../../../shared/errors.ts'
import { bytes, readTorch, state, withPickle } from '../../support/hostileTorch.ts'
import { legacyTorchFile, statePickle, torchFile } from '../../support/torchFile.ts'
import { join } from '../../support/zipFile.ts'

const mutation = fc.record({
  kind: fc.constantFrom('bit', 'byte', 'cut', 'insert', 'end'),
  at: fc.nat(),
  value: fc.integer({ min: 0, max: 255 }),
})

function mutate(file: Uint8Array, { kind, at, value }: { kind: string; at: number; value: number }): Uint8Array {
  if (file.length === 0) return file
  const place = at % file.length
  if (kind === 'bit') return file.with(place, (file[place] as number) ^ (1 << (value & 7)))
  if (kind === 'byte') return file.with(place, value)
  if (kind === 'end') return file.slice(0, place)
  if (kind === 'cut') return join(file.subarray(0, place), file.subarray(place + 1 + (value & 3)))
  return join(file.subarray(0, place), bytes(value), file.subarray(place))
}

test('a damaged file gives tensors within the file or one CompileError, in either form', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  console.log(`damaged torch files: seed ${seed}`)
  const originals = [torchFile(state), torchFile(state, { zip64: true, ordered: true }), legacyTorchFile(state)]
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...originals),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
      async (file, changes) => {
        const damaged = changes.reduce(mutate, file)
        const outcome = await readTorch(damaged).catch((error: unknown) => error)
        if (!(outcome instanceof Map)) {
          expect(outcome).toBeInstanceOf(CompileError)
          return
        }
        accepted++
        for (const { offset, sizeBytes, shape, dtype, strides } of (outcome as Map<string, TensorEntry>).values()) {
          expect(sizeBytes).toBe(shape.reduce((product, size) => product * size, bytesPerElement[dtype]))
          if (strides === undefined) expect(offset + sizeBytes).toBeLessThanOrEqual(damaged.length)
        }
      },
    ),
    { numRuns: 3000, seed },
  )
  expect(accepted).toBeGreaterThan(30)
})

test('a damaged pickle gives tensors within the file or one CompileError', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  console.log(`damaged pickles: seed ${seed}`)
  const pickle = statePickle(state, { ordered: true })
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (changes) => {
      const outcome = await readTorch(withPickle(changes.reduce(mutate, pickle))).catch((error: unknown) => error)
      if (!(outcome instanceof Map)) expect(outcome).toBeInstanceOf(CompileError)
    }),
    { numRuns: 3000, seed },
  )
})
