import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { float16Bits, float16Value } from '../../../shared/compiler/checkpoint/float16.ts'
import { roundToFloat16 } from '../../../shared/compiler/quantize/float16.ts'
import { gptqQuantizer, type MatrixCalibration, quadraticError } from '../../../shared/compiler/quantize/gptq.ts'
import { crossProducts } from '../../../shared/compiler/quantize/matrix.ts'
import { dequantizeRows, groupsPerRow, pack, unpack } from '../../../shared/compiler/quantize/packing.ts'
import { QuantizeError, type Quantizer, type RowBlock } from '../../../shared/compiler/quantize/quantizer.ts'
import { roundToNearest } from '../../../shared/compiler/quantize/roundToNearest.ts'
import { search } from '../../../shared/compiler/quantize/search.ts'
import { randomFloats, randomSource } from '../../support/random.ts'

const seed = Number(process.env.HEARTH_SEED ?? Date.now() % 2 ** 31)
console.log(`quantizers: HEARTH_SEED=${seed}`)
const runs = { seed, numRuns: 150 }

const scaleType = fc.constantFrom('float16' as const, 'float32' as const)

/** Values of every magnitude: denormals, zeros of both signs, weights as models have them, and huge ones that a scale still fits. */
const weight = fc.oneof(
  { weight: 8, arbitrary: fc.float({ min: -2, max: 2, noNaN: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0, -0, Math.fround(1e-40), -Math.fround(1e-42), Math.fround(1e-7), Math.fround(-3e-6)),
  },
  { weight: 1, arbitrary: fc.float({ min: -400_000, max: 400_000, noNaN: true }) },
)

const block: fc.Arbitrary<RowBlock> = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 100 }), fc.boolean(), scaleType)
  .chain(([rowCount, columns, flat, type]) =>
    fc
      .array(flat ? fc.constant(0) : weight, { minLength: rowCount * columns, maxLength: rowCount * columns })
      .map((values) => blockOf(Float32Array.from(values), rowCount, columns, type)),
  )

function blockOf(rows: Float32Array, rowCount: number, columns: number, type: 'float16' | 'float32'): RowBlock {
  return { rows, rowCount, columns, name: 'model.test.weight', firstRow: 0, totalRows: rowCount, scaleType: type }
}

function groupErrors(values: Float32Array, from: RowBlock): readonly number[] {
  const groups = groupsPerRow(from.columns)
  const errors = new Array<number>(from.rowCount * groups).fill(0)
  for (const [index, value] of values.entries()) {
    const group = Math.floor(index / from.columns) * groups + Math.floor((index % from.columns) / 32)
    errors[group] = (errors[group] as number) + ((from.rows[index] as number) - value) ** 2
  }
  return errors
}

const restored = (quantizer: Quantizer, from: RowBlock) =>
  dequantizeRows(quantizer.quantizeRows(from), from.rowCount, from.columns)

describe('packing', () => {
  test('what is packed unpacks to itself, the first column in the lowest nibble, unused columns zero', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 100 }),
        fc.infiniteStream(fc.nat(15)),
        (rows, columns, stream) => {
          const q = Uint8Array.from({ length: rows * columns }, () => stream.next().value as number)
          const packed = pack(q, rows, columns)
          expect(packed).toHaveLength(rows * 4 * Math.ceil(columns / 32))
          expect(unpack(packed, rows, columns)).toEqual(q)
          expect((packed[0] as number) & 15).toBe(q[0])
          const used = [...packed].reduce(
            (sum, word) =>
              sum +
              word
                .toString(16)
                .split('')
                .filter((digit) => digit !== '0').length,
            0,
          )
          expect(used).toBe(q.filter((value) => value !== 0).length)
        },
      ),
      runs,
    )
  })
})

describe('roundToFloat16', () => {
  test('agrees with the exact conversion on every float16, every midpoint and their neighbours', () => {
    const neighbour = new Float32Array(1)
    const bits = new Uint32Array(neighbour.buffer)
    for (let pattern = 0; pattern < 0x7c00; pattern++) {
      const value = float16Value(pattern)
      const middle = (value + (pattern === 0x7bff ? 65_536 : float16Value(pattern + 1))) / 2
      for (const around of [value, middle]) {
        neighbour[0] = around
        const center = bits[0] as number
        for (const nearby of [center === 0 ? 0 : center - 1, center, center + 1]) {
          bits[0] = nearby
          const probe: number = neighbour[0] ?? 0
          const wanted = float16Value(float16Bits(probe))
          if (roundToFloat16(probe) !== wanted || roundToFloat16(-probe) !== -wanted)
            expect.fail(`${probe} became ${roundToFloat16(probe)}, expected ${wanted}`)
        }
      }
    }
  })
})

describe('round-to-nearest', () => {
  test('keeps every weight within half a scale, and a float16 step', () => {
    fc.assert(
      fc.property(block, (from) => {
        const { scales } = roundToNearest.quantizeRows(from)
        const values = restored(roundToNearest, from)
        const groups = groupsPerRow(from.columns)
        for (const [index, value] of values.entries()) {
          const scale = scales[
            Math.floor(index / from.columns) * groups + Math.floor((index % from.columns) / 32)
          ] as number
          // float16 rounds the quotient plus 7 to 1/128 and the weight and scale to 11 bits; the smallest steps are absolute.
          const slack = from.scaleType === 'float16' ? scale * 0.02 + 2 ** -24 * 4 : scale * 1e-5 + 2 ** -149 * 8
          expect(Math.abs(value - (from.rows[index] as number))).toBeLessThanOrEqual(scale / 2 + slack)
        }
      }),
      runs,
    )
  })

  test('follows the published formula in float32', () => {
    const rows = Float32Array.from({ length: 32 }, (_, index) => (index - 14) / 4)
    const { packed, scales } = roundToNearest.quantizeRows(blockOf(rows, 1, 32, 'float32'))
    const scale = Math.fround(4.25 / 7)
    expect([...scales]).toEqual([scale])
    expect([...unpack(packed, 1, 32)]).toEqual([...rows].map((value) => Math.floor(Math.fround(value / scale) + 7.5)))
  })

  test('computes in float16 where the model does', () => {
    // 0.4996 of a scale above 7 is 7.4996 in float32 and a tie, 7.5, in float16: MLC's result differs by the type it computes in.
    const rows = Float32Array.from([7, 0.499])
    const q = (type: 'float16' | 'float32') => [
      ...unpack(roundToNearest.quantizeRows(blockOf(rows, 1, 2, type)).packed, 1, 2),
    ]
    expect(q('float32')).toEqual([14, 7])
    expect(q('float16')).toEqual([14, 8])
  })
})

const calibrated = (from: RowBlock, rank: number): MatrixCalibration => {
  const inputs = randomFloats(rank * from.columns, randomSource(seed))
  return { columns: from.columns, hessian: crossProducts(inputs, inputs, rank, from.columns, from.columns) }
}

describe('search', () => {
  test('no group has a greater squared error than by rounding to nearest', () => {
    fc.assert(
      fc.property(block, (from) => {
        const nearest = groupErrors(restored(roundToNearest, from), from)
        // Where both are all but exact, what is left is the rounding of the scale to float32.
        const squares = groupErrors(new Float32Array(from.rows.length), from)
        for (const [group, error] of groupErrors(restored(search, from), from).entries())
          expect(error).toBeLessThanOrEqual(
            (nearest[group] as number) * (1 + 1e-6) + (squares[group] as number) * 1e-12,
          )
      }),
      runs,
    )
  })

  test('lowers the error of normal weights by a tenth at least', () => {
    const rows = randomFloats(64 * 256, randomSource(seed))
    const from = blockOf(rows, 64, 256, 'float16')
    const total = (quantizer: Quantizer) => groupErrors(restored(quantizer, from), from).reduce((a, b) => a + b)
    expect(total(search)).toBeLessThan(0.9 * total(roundToNearest))
  })
})

describe('gptq', () => {
  test('no row has a greater output error on the calibration inputs than by rounding to nearest', () => {
    fc.assert(
      fc.property(block, fc.integer({ min: 1, max: 60 }), (from, rank) => {
        const known = calibrated(from, rank)
        const gptq = restored(gptqQuantizer(new Map([[from.name, known]])), from)
        const nearest = restored(roundToNearest, from)
        for (let row = 0; row < from.rowCount; row++) {
          const span = [row * from.columns, (row + 1) * from.columns] as const
          const error = (values: Float32Array) =>
            quadraticError(from.rows.subarray(...span), values.subarray(...span), damped(known))
          expect(error(gptq)).toBeLessThanOrEqual(error(nearest) * (1 + 1e-5) + 1e-30)
        }
      }),
      { ...runs, numRuns: 40 },
    )
  })

  test('halves the output error of rounding to nearest where inputs are correlated', () => {
    const draw = randomSource(seed)
    const [tokens, columns, hidden] = [400, 128, 12]
    const factors = randomFloats(tokens * hidden, draw)
    const mixing = randomFloats(hidden * columns, draw)
    const noise = randomFloats(tokens * columns, draw, 0.2)
    const inputs = noise.map((value, index) => {
      let sum = value
      for (let factor = 0; factor < hidden; factor++)
        sum +=
          (factors[Math.floor(index / columns) * hidden + factor] as number) *
          (mixing[factor * columns + (index % columns)] as number)
      return sum
    })
    const known = { columns, hessian: crossProducts(inputs, inputs, tokens, columns, columns) }
    const from = blockOf(randomFloats(8 * columns, draw), 8, columns, 'float16')
    const error = (values: Float32Array) => {
      let sum = 0
      for (let row = 0; row < 8; row++)
        sum += quadraticError(
          from.rows.subarray(row * columns, (row + 1) * columns),
          values.subarray(row * columns, (row + 1) * columns),
          known.hessian,
        )
      return sum
    }
    expect(error(restored(gptqQuantizer(new Map([[from.name, known]])), from))).toBeLessThan(
      0.5 * error(restored(roundToNearest, from)),
    )
  })

  test('a matrix without calibration is searched', () => {
    const from = blockOf(randomFloats(96, randomSource(seed)), 1, 96, 'float16')
    expect(gptqQuantizer(new Map()).quantizeRows(from)).toEqual(search.quantizeRows(from))
  })
})

/** The Hessian with the damping GPTQ itself adds: 1 % of the mean of its diagonal. */
function damped({ hessian, columns }: MatrixCalibration): Float64Array {
  const trace = Array.from({ length: columns }, (_, at) => hessian[at * columns + at] as number).reduce((a, b) => a + b)
  return hessian.map((value, index) =>
    index % (columns + 1) === 0 ? value + (trace === 0 ? 1 : (0.01 * trace) / columns) : value,
  )
}

const whole = blockOf(randomFloats(7 * 70, randomSource(seed)), 7, 70, 'float16')
const quantizers: readonly Quantizer[] = [
  roundToNearest,
  search,
  gptqQuantizer(new Map([[whole.name, calibrated(whole, 80)]])),
]

describe.for(quantizers)('$name', (quantizer) => {
  test('blocks of any height give the same bytes', () => {
    const together = quantizer.quantizeRows(whole)
    const parts = [0, 1, 4].map((firstRow, index) => {
      const end = [1, 4, 7][index] as number
      const rows = whole.rows.subarray(firstRow * 70, end * 70)
      return quantizer.quantizeRows({ ...whole, rows, rowCount: end - firstRow, firstRow })
    })
    expect(parts.flatMap(({ packed }) => [...packed])).toEqual([...together.packed])
    expect(parts.flatMap(({ scales }) => [...scales])).toEqual([...together.scales])
  })

  test('scales are values of the scale type, and zero only where the group is as good as zero', () => {
    fc.assert(
      fc.property(block, (from) => {
        const { scales } = quantizer.quantizeRows({ ...from, name: 'another.weight' })
        for (const scale of scales) {
          expect(Number.isFinite(scale)).toBe(true)
          if (from.scaleType === 'float16') expect(roundToFloat16(scale)).toBe(scale)
        }
      }),
      runs,
    )
  })

  test('a group of zeros, of either sign, comes back as zeros', () => {
    const rows = new Float32Array(64)
    rows.fill(-0, 10, 20)
    expect(
      [...restored(quantizer, { ...blockOf(rows, 1, 64, 'float16'), name: 'zeros' })].every((value) => value === 0),
    ).toBe(true)
  })

  test.for([NaN, Infinity, -Infinity])('%s is an error that names matrix, row and column', (bad) => {
    const rows = new Float32Array(3 * 40)
    rows[2 * 40 + 7] = bad
    const from = { ...blockOf(rows, 3, 40, 'float16'), firstRow: 5, totalRows: 9 }
    expect(() => quantizer.quantizeRows({ ...from, name: 'lm_head.weight' })).toThrow(QuantizeError)
    expect(() => quantizer.quantizeRows({ ...from, name: 'lm_head.weight' })).toThrow('lm_head.weight: row 7, column 7')
  })

  test('a weight whose scale float16 cannot hold is an error; float32 holds it', () => {
    const rows = Float32Array.from([1e6, 1])
    const from = { ...blockOf(rows, 1, 2, 'float16'), name: 'big' }
    expect(() => quantizer.quantizeRows(from)).toThrow('too large for a float16 scale')
    expect(restored(quantizer, { ...from, scaleType: 'float32' })[0]).toBeCloseTo(1e6, -1)
  })
})
