// Tolerance: a float32 sum of n terms in any order is off by at most about n * 2^-24 of the sum of magnitudes, in practice by its square root; 1e-5 of
// the magnitudes leaves room for 32k columns, the 2 ulp of inverseSqrt and the 3 + 2|x| ulp that WGSL grants exp. The half target multiplies exactly and
// differs only where it stores its cache in float16 (2^-10 relative).
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type MatvecEpilogue, type MatvecOptions, matvec, matvecGrid } from '../../shared/compiler/kernels/matvec.ts'
import { ropeTable } from '../../shared/compiler/kernels/rope.ts'
import { requestTestDevice } from '../support/device.ts'
import { linearCases, linearShapes, targetsOf, worstError } from '../support/linearCases.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'
import { fromHalf, products, testMatrix, testTensor } from '../support/weights.ts'

const relative = 1e-5
let device: GPUDevice

beforeAll(async () => {
  const found = await requestTestDevice()
  if (found === null) throw new Error('no WebGPU adapter')
  device = found
})

type Case = Omit<MatvecOptions, 'name'>

interface Inputs {
  readonly buffers: readonly ArrayBufferView[]
  /** y before the epilogue and the size of its rounding. */
  readonly y: Float64Array
  readonly magnitudes: Float64Array
}

/** x has three rows; the second is used, the others are NaN. */
function inputs(o: Case, seed: number): Inputs {
  const next = randomSource(seed)
  const row = randomFloats(o.columns, next)
  const x = new Float32Array(3 * o.columns).fill(Number.NaN)
  x.set(row, o.columns)
  const matrix = testMatrix(o.rows, o.columns, o.format, next)
  const gain = o.norm === null ? null : testTensor(o.columns, o.format, next, 1)
  const bias = o.bias ? testTensor(o.rows, o.format, next, 1) : null
  const meanSquare = row.reduce((sum, value) => sum + value * value, 0) / o.columns
  const factor = o.norm === null ? 1 : 1 / Math.sqrt(meanSquare + o.norm.epsilon)
  const { sums, magnitudes } = products(
    matrix,
    Float64Array.from(row, (value, k) => value * factor * (gain?.values[k] ?? 1)),
  )
  return {
    buffers: [x, ...(gain === null ? [] : [gain.bytes]), ...matrix.buffers, ...(bias === null ? [] : [bias.bytes])],
    y: sums.map((sum, n) => sum + (bias?.values[n] ?? 0)),
    magnitudes: magnitudes.map((size, n) => size + Math.abs(bias?.values[n] ?? 0)),
  }
}

async function runOut(o: Case, given: Inputs, before: Float32Array): Promise<Float32Array> {
  const options = { ...o, name: 'matvec_test' }
  const run = { buffers: [...given.buffers, before], scalars: [1], grid: [matvecGrid(options)] as const }
  const { out } = await runKernel(device, matvec(options), run)
  return new Float32Array(out as ArrayBuffer, 0, before.length)
}

const silu = (value: number) => value / (1 + Math.exp(-value))

/** Largest error in units of the tolerance; the element after the result must stay what it was. */
async function errorOf(o: Case, seed: number): Promise<number> {
  const given = inputs(o, seed)
  const length = o.epilogue.kind === 'gatedSilu' ? o.rows / 2 : o.rows
  const before = randomFloats(length + 1, randomSource(seed + 1))
  const expected = Float64Array.from(before)
  const tolerance = new Float64Array(length + 1).fill(1e-30)
  for (let n = 0; n < length; n++) {
    const y = given.y[n] ?? 0
    const size = given.magnitudes[n] ?? 0
    const up = given.y[n + length] ?? 0
    const kept = o.epilogue.kind === 'addResidual' ? (before[n] ?? 0) : 0
    expected[n] = o.epilogue.kind === 'gatedSilu' ? silu(y) * up : y + kept
    const spread =
      o.epilogue.kind === 'gatedSilu'
        ? size * Math.abs(up) + Math.abs(silu(y)) * (given.magnitudes[n + length] ?? 0)
        : size + Math.abs(kept)
    tolerance[n] = relative * (spread + 1e-3)
  }
  return worstError(await runOut(o, given, before), expected, tolerance)
}

const plain = { bias: false, norm: null, epilogue: { kind: 'store' } } as const
const variants: readonly {
  readonly name: string
  readonly o: Pick<Case, 'bias' | 'norm' | 'epilogue'>
  readonly shapes: typeof linearShapes
}[] = [
  { name: 'stores the product', o: plain, shapes: linearShapes },
  {
    name: 'adds bias and residual',
    o: { bias: true, norm: null, epilogue: { kind: 'addResidual' } },
    shapes: [{ rows: 1, columns: 4 }],
  },
  {
    name: 'gates after a norm',
    o: { bias: true, norm: { epsilon: 1e-6 }, epilogue: { kind: 'gatedSilu' } },
    shapes: [{ rows: 67, columns: 288 }],
  },
]

describe.each(variants)('a matrix-vector product $name', ({ o, shapes }) => {
  test('as float64 does, for every target, format and odd shape', async () => {
    const wrong: string[] = []
    for (const shape of linearCases(device, shapes)) {
      const rows = o.epilogue.kind === 'gatedSilu' ? shape.rows * 2 : shape.rows
      const error = await errorOf({ ...shape, ...o, rows }, 11)
      if (error >= 1) wrong.push(`${shape.target} ${shape.format} ${rows}x${shape.columns}: ${error} of the tolerance`)
    }
    expect(wrong).toEqual([])
  })
})

const attention = { kind: 'ropeAppend', heads: 3, kvHeads: 1, headSize: 20, ropeShift: 4 } as const

test('a rotating product writes query, key and value of its token and nothing else', async () => {
  const table = ropeTable({ kind: 'rope', theta: 10_000, scaling: { kind: 'none' } }, attention.headSize, 256)
  const epilogue: MatvecEpilogue = { ...attention, ropeShift: table.shift }
  const [position, capacity, sink] = [83, 32, 4]
  const cacheRow = sink + ((position - sink) % (capacity - sink))
  const half = attention.headSize / 2
  for (const target of targetsOf(device)) {
    for (const format of ['q4f16_1', 'q4f32_1'] as const) {
      const o: MatvecOptions = {
        name: 'qkv',
        target,
        format,
        rows: 100,
        columns: 68,
        bias: true,
        norm: { epsilon: 1e-5 },
        epilogue,
      }
      const given = inputs(o, 5)
      const cacheBytes = capacity * attention.headSize * (target === 'half' ? 2 : 4)
      const run = {
        buffers: [...given.buffers, table.bytes, 240, cacheBytes, cacheBytes],
        scalars: [1, position, capacity, sink],
        grid: [matvecGrid(o)] as const,
      }
      const result = await runKernel(device, matvec(o), run)
      const read = (name: string) =>
        name !== 'query' && target === 'half'
          ? Float64Array.from(new Uint16Array(result[name] as ArrayBuffer), fromHalf)
          : Float64Array.from(new Float32Array(result[name] as ArrayBuffer))
      const spread = relative * 2 * Math.max(...given.magnitudes)
      const turned = (head: number) =>
        Array.from({ length: attention.headSize }, (_, i) => {
          const angle = position / 10_000 ** ((2 * (i % half)) / attention.headSize)
          const y0 = given.y[head * attention.headSize + (i % half)] ?? 0
          const y1 = given.y[head * attention.headSize + (i % half) + half] ?? 0
          return i < half ? y0 * Math.cos(angle) - y1 * Math.sin(angle) : y1 * Math.cos(angle) + y0 * Math.sin(angle)
        })
      const cache = (head: number, rotate: boolean) => {
        const expected = new Float64Array(capacity * attention.headSize)
        const from = head * attention.headSize
        expected.set(
          rotate ? turned(head) : given.y.subarray(from, from + attention.headSize),
          cacheRow * attention.headSize,
        )
        return expected
      }
      const expected = {
        query: Float64Array.from([0, 1, 2].flatMap(turned)),
        keys: cache(3, true),
        values: cache(4, false),
      }
      for (const [name, wanted] of Object.entries(expected)) {
        const rounding = name !== 'query' && target === 'half' ? 2 ** -10 : 0
        const tolerance = wanted.map((value) => (value === 0 ? 1e-30 : spread + rounding * Math.abs(value)))
        expect(worstError(read(name), wanted, tolerance), `${target} ${format} ${name}`).toBeLessThan(1)
      }
    }
  }
})

test('a matrix with many rows gives the same numbers as float64', async () => {
  for (const target of targetsOf(device)) {
    const o = { target, format: 'q4f16_1', rows: 16_387, columns: 36, ...plain } as const
    expect(await errorOf(o, 3), target).toBeLessThan(1)
  }
})

test('random shapes agree with float64', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  console.info(`matvec property seed ${seed}`)
  const cases = fc.record({
    target: fc.constantFrom(...targetsOf(device)),
    format: fc.constantFrom('q4f16_1' as const, 'q4f32_1' as const, 'q0f32' as const, 'q0f16' as const),
    units: fc.integer({ min: 1, max: 150 }),
    columns: fc.integer({ min: 1, max: 300 }).map((quads) => quads * 4),
    variant: fc.constantFrom(...variants),
    data: fc.integer({ min: 0, max: 2 ** 30 }),
  })
  await fc.assert(
    fc.asyncProperty(cases, async ({ target, format, units, columns, variant, data }) => {
      const rows = variant.o.epilogue.kind === 'gatedSilu' ? 2 * units : units
      expect(await errorOf({ target, format, rows, columns, ...variant.o }, data)).toBeLessThan(1)
    }),
    { seed, numRuns: 8, endOnFailure: true },
  )
})
