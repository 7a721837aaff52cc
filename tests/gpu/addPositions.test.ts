import { expect, test } from 'vitest'
import { addPositions, addPositionsGroupsPerToken } from '../../shared/compiler/kernels/addPositions.ts'
import { maxDifference, packCache, roundToCache, runnableTargets, testDevice } from '../support/attention.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'

const cases = [
  { columns: 4, rows: 3, offset: 2, tokens: 4, position: 0 },
  { columns: 36, rows: 40, offset: 0, tokens: 7, position: 30 },
  // The last tokens lie past the table's end.
  { columns: 516, rows: 12, offset: 2, tokens: 6, position: 6 },
] as const

test('each token gets the row of its position, the last row past the end, with tables in float16 or float32', async () => {
  for (const target of await runnableTargets()) {
    for (const format of ['q4f16_1', 'q0f32'] as const) {
      for (const { columns, rows, offset, tokens, position } of cases) {
        const next = randomSource(columns)
        const stored = format === 'q4f16_1' ? 'half' : 'portable'
        const table = roundToCache(randomFloats(rows * columns, next), stored)
        const x = randomFloats(tokens * columns, next)
        const options = { name: 'add_positions', target, format, columns, rows, offset }
        const { x: out } = await runKernel(await testDevice(), addPositions(options), {
          buffers: [x, packCache(table, stored)],
          scalars: [tokens, position],
          grid: [tokens * addPositionsGroupsPerToken(options)],
        })
        const expected = x.map((value, at) => {
          const row = Math.min(position + Math.floor(at / columns) + offset, rows - 1)
          return Math.fround(value + (table[row * columns + (at % columns)] as number))
        })
        const seen = new Float32Array(out as ArrayBuffer, 0, x.length)
        expect(maxDifference(seen, expected), `${target} ${format} ${columns}`).toBe(0)
      }
    }
  }
})

test('tables without a row for the first position are refused', () => {
  const options = { name: 'add_positions', target: 'portable', format: 'q0f32' } as const
  expect(() => addPositions({ ...options, columns: 8, rows: 2, offset: 2 })).toThrow('2 rows from row 2 on')
  expect(() => addPositions({ ...options, columns: 6, rows: 2, offset: 0 })).toThrow('6 columns')
})
