// Round-to-nearest gives exactly the published values and scales.
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { WeightSource } from '../../../shared/compiler/architectures/spec.ts'
import { groupsPerRow, unpack } from '../../../shared/compiler/quantize/packing.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import { caseNames, expectedOf, hasFile, openCase } from '../../reference/checkpointCases.ts'
import { transposed } from '../../support/gatherWeight.ts'

const names: string[] = []
for (const name of await caseNames()) if (await hasFile(name, 'expected.q4f32_1.json')) names.push(name)

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Matrices stored [inputs, outputs] are quantized along their inputs as well. */
function namesIfTransposed({ tensor, aliases = [], transposed: turned }: WeightSource): readonly string[] {
  return turned === true ? [tensor, ...aliases] : []
}

test('there are quantized reference cases', () => {
  expect(names.length).toBeGreaterThan(0)
})

describe.for(names)('%s', (name) => {
  test('every quantized tensor has the listed hashes', async () => {
    const { quantized = [] } = await expectedOf(name, 'expected.q4f32_1.json')
    const { rules, stored } = await openCase(name)
    const turned = new Set(rules.flatMap(({ sources }) => sources.flatMap(namesIfTransposed)))
    const computed = quantized.map(({ name: matrix }) => {
      const found = stored.get(matrix)
      if (found === undefined) throw new Error(`${name} has no ${matrix}`)
      const oriented = turned.has(matrix) ? transposed(found) : found
      const [totalRows = 0, columns = 0] = oriented.shape
      const block = { rows: oriented.values, rowCount: totalRows, columns, name: matrix, firstRow: 0, totalRows }
      const { packed, scales } = roundToNearest.quantizeRows({ ...block, scaleType: 'float32' })
      expect(scales).toHaveLength(totalRows * groupsPerRow(columns))
      return {
        name: matrix,
        q_sha256: sha256(unpack(packed, totalRows, columns)),
        scale_sha256: sha256(new Uint8Array(scales.buffer)),
      }
    })
    expect(quantized.length).toBeGreaterThan(0)
    expect(computed).toEqual(
      quantized.map(({ name: matrix, q_sha256, scale_sha256 }) => ({ name: matrix, q_sha256, scale_sha256 })),
    )
  })
})
