// Tolerance: 1e-5 of the sum of magnitudes for float32 (see matvec.test.ts). On the half target a tile holds dequantized weights in float16: 2^-11 of
// each weight when the format's own numbers are float16; float32 formats stay float32.
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { RowEpilogue } from '../../shared/compiler/kernels/epilogues.ts'
import { type MatmulOptions, matmul, matmulTile } from '../../shared/compiler/kernels/matmul.ts'
import { floatType, weightFormats } from '../../shared/compiler/kernels/target.ts'
import { requestTestDevice } from '../support/device.ts'
import { linearCases, rowEpilogues, rowGrowth, rowResult, targetsOf, worstError } from '../support/linearCases.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'
import { products, testMatrix, testTensor } from '../support/weights.ts'

let device: GPUDevice

beforeAll(async () => {
  const found = await requestTestDevice()
  if (found === null) throw new Error('no WebGPU adapter')
  device = found
})

/** Largest error in units of the tolerance; what stands after the last token must stay. */
async function errorOf(o: Omit<MatmulOptions, 'name'>, tokens: number, seed: number): Promise<number> {
  const options: MatmulOptions = { ...o, name: 'matmul_test' }
  const next = randomSource(seed)
  const x = new Float32Array((tokens + 1) * o.columns).fill(Number.NaN)
  x.set(randomFloats(tokens * o.columns, next))
  const matrix = testMatrix(o.rows, o.columns, o.format, next)
  const bias = o.bias ? testTensor(o.rows, o.format, next, 1) : null
  const before = randomFloats(tokens * o.rows + 1, next)
  const expected = Float64Array.from(before)
  const tolerance = new Float64Array(before.length).fill(1e-30)
  const relative = o.target === 'half' && floatType(o.format) === 'float16' ? 2 ** -11 : 1e-5
  for (let t = 0; t < tokens; t++) {
    const { sums, magnitudes } = products(matrix, Float64Array.from(x.subarray(t * o.columns, (t + 1) * o.columns)))
    for (let n = 0; n < o.rows; n++) {
      const at = t * o.rows + n
      const y = (sums[n] ?? 0) + (bias?.values[n] ?? 0)
      expected[at] = rowResult(o.epilogue, y, before[at] ?? 0)
      const sizes = (magnitudes[n] ?? 0) + Math.abs(bias?.values[n] ?? 0) + Math.abs(before[at] ?? 0)
      tolerance[at] = relative * rowGrowth(o.epilogue) * (sizes + 1e-3)
    }
  }
  const tile = matmulTile(options)
  const { out } = await runKernel(device, matmul(options), {
    buffers: [x, ...matrix.buffers, ...(bias === null ? [] : [bias.bytes]), before],
    scalars: [tokens],
    grid: [Math.ceil(o.rows / tile.rows), Math.ceil(tokens / tile.tokens)],
  })
  return worstError(new Float32Array(out as ArrayBuffer, 0, before.length), expected, tolerance)
}

test.each([
  {
    name: 'stores',
    tokens: 5,
    shapes: [{ rows: 67, columns: 36 }],
    o: { bias: false, epilogue: { kind: 'store', scale: 1 } },
  },
  {
    name: 'adds bias and residual',
    tokens: 67,
    shapes: [{ rows: 130, columns: 96 }],
    o: { bias: true, epilogue: { kind: 'addResidual', scale: 1 } },
  },
] as const)(
  'a matrix product $name as float64 does, for every target, format and odd shape',
  async ({ tokens, o, shapes }) => {
    const wrong: string[] = []
    for (const shape of linearCases(device, shapes)) {
      const error = await errorOf({ ...shape, ...o }, tokens, 17)
      if (error >= 1)
        wrong.push(`${shape.target} ${shape.format} ${shape.rows}x${shape.columns}: ${error} of the tolerance`)
    }
    expect(wrong).toEqual([])
  },
)

const scaledOrActivated: readonly RowEpilogue[] = [
  { kind: 'store', scale: -0.125 },
  { kind: 'addResidual', scale: 7.5 },
  { kind: 'activate', activation: 'geluTanh' },
]

test('a product is scaled, joined to a scaled residual or activated', async () => {
  for (const target of targetsOf(device)) {
    for (const epilogue of scaledOrActivated) {
      const o = { target, format: 'q0f32', rows: 9, columns: 36, bias: true, epilogue } as const
      expect(await errorOf(o, 5, 3), `${target} ${JSON.stringify(epilogue)}`).toBeLessThan(1)
    }
  }
})

test('random shapes and token counts agree with float64', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  console.info(`matmul property seed ${seed}`)
  const cases = fc.record({
    target: fc.constantFrom(...targetsOf(device)),
    format: fc.constantFrom(...weightFormats),
    rows: fc.integer({ min: 1, max: 100 }),
    columns: fc.integer({ min: 1, max: 40 }).map((quads) => quads * 4),
    tokens: fc.integer({ min: 1, max: 70 }),
    bias: fc.boolean(),
    epilogue: fc.constantFrom(...rowEpilogues),
    data: fc.integer({ min: 0, max: 2 ** 30 }),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ tokens, data, ...o }) => {
      expect(await errorOf(o, tokens, data)).toBeLessThan(1)
    }),
    { seed, numRuns: 8, endOnFailure: true },
  )
})
