// The products of tokens with their experts, alone and in chunks, against float64; at random sizes together with the router.
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { weightFormats } from '../../shared/compiler/kernels/target.ts'
import { requestTestDevice } from '../support/device.ts'
import { matmulError, matvecError } from '../support/expertsProducts.ts'
import { norms, routeError } from '../support/expertsRouting.ts'
import { targetsAndFormats, targetsOf } from '../support/linearCases.ts'

let device: GPUDevice

beforeAll(async () => {
  const found = await requestTestDevice()
  if (found === null) throw new Error('no WebGPU adapter')
  device = found
})

test.each(['gated', 'addResidual'] as const)(
  "one token's products with its experts (%s) are those of float64, for every target and format",
  async (kind) => {
    for (const { target, format } of targetsAndFormats(device)) {
      const shape = { target, format, rows: 66, columns: 68, count: 5, chosen: 2 }
      expect(await matvecError(device, shape, kind, 3), `${target} ${format}`).toBeLessThan(1)
    }
  },
)

test("experts' matrices with many rows give the numbers of float64", async () => {
  for (const target of targetsOf(device)) {
    const shape = { target, format: 'q4f16_1', rows: 16_390, columns: 36, count: 3, chosen: 2 } as const
    expect(await matvecError(device, shape, 'gated', 3), target).toBeLessThan(1)
  }
})

test("a chunk's products with its experts are those of float64, for every target and format", async () => {
  for (const { target, format } of targetsAndFormats(device)) {
    // Both read weights alike, and tiles are slow to compile.
    const kinds = format === 'q4f16_1' || format === 'q0f32' ? (['gated', 'store'] as const) : (['gated'] as const)
    for (const kind of kinds) {
      const shape = { target, format, rows: 70, columns: 36, count: 3, chosen: 2 }
      const error = await matmulError(device, shape, kind, { tokens: 70, crowded: false }, 5)
      expect(error, `${target} ${format} ${kind}`).toBeLessThan(1)
    }
  }
})

test('random shapes, numbers of experts and of tokens agree with float64', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  console.info(`experts property seed ${seed}`)
  const cases = fc.record({
    target: fc.constantFrom(...targetsOf(device)),
    format: fc.constantFrom(...weightFormats),
    units: fc.integer({ min: 1, max: 80 }),
    quads: fc.integer({ min: 1, max: 30 }),
    count: fc.integer({ min: 2, max: 16 }),
    ranks: fc.integer({ min: 1, max: 4 }),
    tokens: fc.integer({ min: 1, max: 40 }),
    crowded: fc.boolean(),
    norm: fc.constantFrom(...norms),
    kind: fc.constantFrom('route', 'gated', 'down', 'gatedChunk', 'downChunk'),
    data: fc.integer({ min: 0, max: 2 ** 30 }),
  })
  await fc.assert(
    fc.asyncProperty(
      cases,
      async ({ target, format, units, quads, count, ranks, tokens, crowded, norm, kind, data }) => {
        const chosen = Math.min(ranks, count)
        const shape = { target, format, rows: 2 * units, columns: 4 * quads, count, chosen }
        const errors = {
          route: () => routeError(device, { target, format, columns: 4 * quads, count, chosen, norm }, tokens, data),
          gated: () => matvecError(device, shape, 'gated', data),
          down: () => matvecError(device, shape, 'addResidual', data),
          gatedChunk: () => matmulError(device, shape, 'gated', { tokens, crowded }, data),
          downChunk: () => matmulError(device, { ...shape, rows: units }, 'store', { tokens, crowded }, data),
        }
        expect(await errors[kind]()).toBeLessThan(1)
      },
    ),
    { seed, numRuns: 8, endOnFailure: true },
  )
})
