// Tolerance: a float32 sum of n terms in any order is off by at most about n * 2^-24 of the sum of magnitudes, in practice by its square root; 1e-5 of
// the magnitudes leaves room for 32k columns, the 2 ulp of inverseSqrt and the 3 + 2|x| ulp that WGSL grants exp. The half target multiplies exactly and
// differs only where it stores its cache in float16 (2^-10 relative).
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Activation, RopeSpec } from '../../shared/compiler/architectures/spec.ts'
import type { RowEpilogue } from '../../shared/compiler/kernels/epilogues.ts'
import { type MatvecEpilogue, type MatvecOptions, matvec, matvecGrid } from '../../shared/compiler/kernels/matvec.ts'
import type { NormCode } from '../../shared/compiler/kernels/norm.ts'
import { ropeTable } from '../../shared/compiler/kernels/rope.ts'
import { activate } from '../reference/activation.ts'
import { referenceCache, referenceNorm, referenceRope } from '../reference/attention.ts'
import { requestTestDevice } from '../support/device.ts'
import {
  linearCases,
  linearShapes,
  rowEpilogues,
  rowGrowth,
  rowResult,
  targetsOf,
  worstError,
} from '../support/linearCases.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'
import { fromHalf, products, type TestTensor, testMatrix, testTensor } from '../support/weights.ts'

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

/** x has three rows; the second is used, the others are NaN. `mean` is added to it. */
function inputs(o: Case, seed: number, mean = 0): Inputs {
  const next = randomSource(seed)
  const row = randomFloats(o.columns, next).map((value) => value + mean)
  const x = new Float32Array(3 * o.columns).fill(Number.NaN)
  x.set(row, o.columns)
  const matrix = testMatrix(o.rows, o.columns, o.format, next)
  const normTensors = [o.norm?.weight, o.norm?.bias].map((there) =>
    there === true ? testTensor(o.columns, o.format, next, 1) : null,
  )
  const bias = o.bias ? testTensor(o.rows, o.format, next, 1) : null
  const none = new Float64Array(o.columns)
  const [gain, shift] = normTensors.map((tensor) => tensor?.values ?? none) as [Float64Array, Float64Array]
  const normed = o.norm === null ? Float64Array.from(row) : referenceNorm(row, o.columns, o.norm, gain, shift)
  const { sums, magnitudes } = products(matrix, normed)
  const float = (tensor: TestTensor | null) => (tensor === null ? [] : [tensor.bytes])
  return {
    buffers: [x, ...normTensors.flatMap(float), ...matrix.buffers, ...float(bias)],
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

/** Largest error in units of the tolerance; the element after the result must stay what it was. */
async function errorOf(o: Case, seed: number, mean = 0): Promise<number> {
  const { epilogue } = o
  if (epilogue.kind === 'append') throw new Error('append has a test of its own')
  const given = inputs(o, seed, mean)
  const length = epilogue.kind === 'gated' ? o.rows / 2 : o.rows
  const before = randomFloats(length + 1, randomSource(seed + 1))
  const expected = Float64Array.from(before)
  const tolerance = new Float64Array(length + 1).fill(1e-30)
  // What float32 leaves of an element whose mean is so much larger.
  const loss = relative + 1e-7 * Math.abs(mean)
  for (let n = 0; n < length; n++) {
    const [y, size] = [given.y[n] ?? 0, given.magnitudes[n] ?? 0]
    if (epilogue.kind === 'gated') {
      const [far, farSize] = [given.y[n + length] ?? 0, given.magnitudes[n + length] ?? 0]
      const [gate, up] = epilogue.gate === 'first' ? [y, far] : [far, y]
      const [gateSize, upSize] = epilogue.gate === 'first' ? [size, farSize] : [farSize, size]
      const activated = activate(epilogue.activation, gate)
      expected[n] = activated * up
      tolerance[n] = loss * (1.13 * gateSize * Math.abs(up) + Math.abs(activated) * upSize + 1e-3)
    } else {
      expected[n] = rowResult(epilogue, y, before[n] ?? 0)
      tolerance[n] = loss * rowGrowth(epilogue) * (size + Math.abs(before[n] ?? 0) + 1e-3)
    }
  }
  return worstError(await runOut(o, given, before), expected, tolerance)
}

const rms: NormCode = { kind: 'rms', epsilon: 1e-6, epsilonOutsideRoot: false, weight: true, bias: false }
const layer: NormCode = { ...rms, kind: 'layer', epsilon: 1e-5, bias: true }
const store: RowEpilogue = { kind: 'store', scale: 1 }
const plain = { bias: false, norm: null, epilogue: store } as const
const gated = (activation: Activation, gate: 'first' | 'second'): MatvecEpilogue => ({
  kind: 'gated',
  activation,
  gate,
})
const variants: readonly {
  readonly name: string
  readonly o: Pick<Case, 'bias' | 'norm' | 'epilogue'>
  readonly shapes: typeof linearShapes
}[] = [
  { name: 'stores the product', o: plain, shapes: linearShapes },
  {
    name: 'adds bias and residual',
    o: { bias: true, norm: null, epilogue: { kind: 'addResidual', scale: 1 } },
    shapes: [{ rows: 1, columns: 4 }],
  },
  {
    name: 'gates after a norm',
    o: { bias: true, norm: rms, epilogue: gated('silu', 'first') },
    shapes: [{ rows: 67, columns: 288 }],
  },
  {
    name: 'follows a layer norm',
    o: { bias: true, norm: layer, epilogue: store },
    shapes: [
      { rows: 67, columns: 36 },
      { rows: 9, columns: 1060 },
    ],
  },
]

/** The rest of what can come before and after a product. */
const norms: readonly NormCode[] = [
  rms,
  { ...rms, weight: false },
  { ...rms, epsilon: 0.2, epsilonOutsideRoot: true },
  { ...rms, bias: true },
  layer,
  { ...layer, bias: false },
  { ...layer, weight: false, bias: false },
  { ...layer, epsilonOutsideRoot: true },
]

describe.each(variants)('a matrix-vector product $name', ({ o, shapes }) => {
  test('as float64 does, for every target, format and odd shape', async () => {
    const wrong: string[] = []
    for (const shape of linearCases(device, shapes)) {
      const rows = o.epilogue.kind === 'gated' ? shape.rows * 2 : shape.rows
      const error = await errorOf({ ...shape, ...o, rows }, 11)
      if (error >= 1) wrong.push(`${shape.target} ${shape.format} ${rows}x${shape.columns}: ${error} of the tolerance`)
    }
    expect(wrong).toEqual([])
  })
})

describe.each(norms.map((norm, index) => ({ norm, epilogue: rowEpilogues[index] ?? store })))(
  '$norm then $epilogue',
  ({ norm, epilogue }) => {
    test('give what float64 does around a product', async () => {
      for (const target of targetsOf(device)) {
        const o = { target, format: 'q4f16_1', rows: 67, columns: 292, bias: norm.bias, norm, epilogue } as const
        expect(await errorOf(o, 6), target).toBeLessThan(1)
      }
    })
  },
)

test('a gate may stand second and have any activation', async () => {
  for (const target of targetsOf(device)) {
    for (const activation of ['relu', 'gelu', 'geluTanh'] as const) {
      const o = {
        target,
        format: 'q4f16_1',
        rows: 134,
        columns: 64,
        ...plain,
        epilogue: gated(activation, 'second'),
      } as const
      expect(await errorOf(o, 2), `${target} ${activation}`).toBeLessThan(1)
    }
  }
})

test('a layer norm in front of a product survives a mean five hundred times the spread', async () => {
  for (const target of targetsOf(device)) {
    const o = { target, format: 'q4f32_1', rows: 40, columns: 4096, bias: false, norm: layer, epilogue: store } as const
    expect(await errorOf(o, 8, 500), target).toBeLessThan(1)
  }
})

const rope = (size: number, pairing: RopeSpec['pairing']): RopeSpec => ({
  theta: 10_000,
  size,
  pairing,
  scaling: { kind: 'none' },
})
const appended = [
  { heads: 3, kvHeads: 1, headSize: 20, rope: rope(20, 'halves'), clip: null, norm: rms },
  { heads: 2, kvHeads: 2, headSize: 16, rope: rope(4, 'halves'), clip: 1.5, norm: layer },
  { heads: 4, kvHeads: 2, headSize: 12, rope: rope(12, 'neighbours'), clip: null, norm: rms },
  { heads: 5, kvHeads: 5, headSize: 8, rope: rope(4, 'neighbours'), clip: null, norm: layer },
  { heads: 7, kvHeads: 7, headSize: 4, rope: null, clip: 0.75, norm: null },
] as const

test.each(appended.map((shape, index) => ({ ...shape, index })))(
  'a product for attention writes query, key and value of its token and nothing else: $rope',
  async ({ index, norm, ...shape }) => {
    const [position, capacity, sink] = [83, 32, 4]
    const { heads, kvHeads, headSize, clip } = shape
    const table = shape.rope === null ? null : ropeTable(shape.rope, 256)
    const rotation = shape.rope === null || table === null ? null : { ...shape.rope, shift: table.shift }
    const epilogue: MatvecEpilogue = { kind: 'append', ...shape, rope: rotation }
    const rows = (heads + 2 * kvHeads) * headSize
    for (const target of targetsOf(device)) {
      const format = index % 2 === 0 ? 'q4f16_1' : 'q4f32_1'
      const o: MatvecOptions = { name: 'qkv', target, format, rows, columns: 68, bias: true, norm, epilogue }
      const given = inputs(o, 5)
      const cacheBytes = kvHeads * capacity * headSize * (target === 'half' ? 2 : 4)
      const queryBytes = heads * headSize * 4
      const result = await runKernel(device, matvec(o), {
        buffers: [...given.buffers, ...(table === null ? [] : [table.bytes]), queryBytes, cacheBytes, cacheBytes],
        scalars: [1, position, capacity, sink],
        grid: [matvecGrid(o)],
      })
      const read = (name: string, length: number) =>
        (name !== 'query' && target === 'half'
          ? Float64Array.from(new Uint16Array(result[name] as ArrayBuffer), fromHalf)
          : Float64Array.from(new Float32Array(result[name] as ArrayBuffer))
        ).slice(0, length)
      const y = given.y.map((value) => (clip === null ? value : Math.min(clip, Math.max(-clip, value))))
      const part = (from: number, count: number) => y.subarray(from * headSize, (from + count) * headSize)
      const turned = (from: number, count: number) =>
        shape.rope === null
          ? part(from, count)
          : referenceRope(part(from, count), { heads: count, headSize }, position, shape.rope)
      const cache = (values: ArrayLike<number>) => {
        const all = new Float32Array((position + 1) * kvHeads * headSize)
        all.set(Array.from(values), position * kvHeads * headSize)
        return Float64Array.from(referenceCache(all, shape, capacity, sink))
      }
      const expected = {
        query: turned(0, heads),
        keys: cache(turned(heads, kvHeads)),
        values: cache(part(heads + kvHeads, kvHeads)),
      }
      const spread = relative * 2 * Math.max(...given.magnitudes)
      for (const [name, wanted] of Object.entries(expected)) {
        const rounding = name !== 'query' && target === 'half' ? 2 ** -10 : 0
        const tolerance = wanted.map((value) => (value === 0 ? 1e-30 : spread + rounding * Math.abs(value)))
        const label = `${target} ${format} ${name} ${JSON.stringify(shape)}`
        expect(worstError(read(name, wanted.length), wanted, tolerance), label).toBeLessThan(1)
      }
    }
  },
)

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
      const rows = variant.o.epilogue.kind === 'gated' ? 2 * units : units
      expect(await errorOf({ target, format, rows, columns, ...variant.o }, data)).toBeLessThan(1)
    }),
    { seed, numRuns: 8, endOnFailure: true },
  )
})
