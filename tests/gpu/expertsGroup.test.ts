// The choices of a chunk's tokens sorted by expert, before the products, and the results added up by token, after them.
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { expertsCombine, expertsCombineGroupsPerToken } from '../../shared/compiler/kernels/expertsCombine.ts'
import { noChoice } from '../../shared/compiler/kernels/expertsGroup.ts'
import { requestTestDevice } from '../support/device.ts'
import { grouped, idsOf } from '../support/expertsChoices.ts'
import { targetsOf } from '../support/linearCases.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { floats, runKernel } from '../support/runKernel.ts'

let device: GPUDevice

beforeAll(async () => {
  const found = await requestTestDevice()
  if (found === null) throw new Error('no WebGPU adapter')
  device = found
})

test('every choice stands once in a tile of its expert, in order, and no tile mixes experts', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  console.info(`expertsGroup property seed ${seed}`)
  const cases = fc.record({
    target: fc.constantFrom(...targetsOf(device)),
    numbers: fc.constantFrom(
      { count: 1, chosen: 1, tile: 64 },
      { count: 8, chosen: 2, tile: 4 },
      { count: 61, chosen: 4, tile: 64 },
    ),
    tokens: fc.integer({ min: 1, max: 700 }),
    crowded: fc.boolean(),
    data: fc.integer({ min: 0, max: 2 ** 30 }),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ target, numbers, tokens, crowded, data }) => {
      const { count, chosen, tile } = numbers
      const ids = idsOf(tokens, count, chosen, crowded, randomSource(data))
      const { experts, choices } = await grouped(device, { target, count, chosen, tile }, ids)
      const expected = Array.from({ length: count }, (_, expert) =>
        [...ids.keys()].filter((choice) => ids[choice] === expert),
      )
      const seen: number[][] = Array.from({ length: count }, () => [])
      let last = -1
      for (const [index, expert] of experts.entries()) {
        if (expert === noChoice) {
          last = count
          continue
        }
        expect(expert, 'tiles are sorted by expert, empty ones last').toBeGreaterThanOrEqual(last)
        last = expert
        const filled = [...choices.subarray(index * tile, (index + 1) * tile)].filter((choice) => choice !== noChoice)
        seen[expert]?.push(...filled)
      }
      expect(seen).toEqual(expected)
    }),
    { seed, numRuns: 25, endOnFailure: true },
  )
})

test("a token gets its experts' results added in the order of their rank", async () => {
  const [tokens, chosen, columns] = [3, 3, 1028]
  const next = randomSource(8)
  const y = randomFloats(tokens * chosen * columns, next, 100)
  const before = randomFloats(tokens * columns + 4, next)
  const o = { name: 'combine', columns, chosen, scale: 0.25 }
  const { out } = await runKernel(device, expertsCombine(o), {
    buffers: [y, before],
    scalars: [tokens],
    grid: [tokens * expertsCombineGroupsPerToken(o)],
  })
  const expected = before.map((value, at) => {
    if (at >= tokens * columns) return value
    const [t, k] = [Math.floor(at / columns), at % columns]
    const sum = Array.from({ length: chosen }, (_, c) => y[(t * chosen + c) * columns + k] ?? 0)
    return Math.fround(0.25 * value + sum.reduce((all, part) => Math.fround(all + part), 0))
  })
  expect(floats(out, before.length)).toEqual(expected)
})
