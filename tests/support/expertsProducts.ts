// Products of tokens with their experts' matrices against a plain computation in float64 over the same stored numbers: the largest error in units of its
// tolerance. Tolerance as in matvec.test.ts: 1e-5 of the sum of magnitudes; tiles of the half target keep float16 weights in float16, 2^-11 of each.
import { expertsMatmul, expertsMatmulTile } from '../../shared/compiler/kernels/expertsMatmul.ts'
import { expertsMatvec, expertsMatvecGrid } from '../../shared/compiler/kernels/expertsMatvec.ts'
import { floatType, type LibraryTarget, type WeightFormat } from '../../shared/compiler/kernels/target.ts'
import { activate } from '../reference/activation.ts'
import { grouped, idsOf } from './expertsChoices.ts'
import { worstError } from './linearCases.ts'
import { randomFloats, randomSource } from './random.ts'
import { floats, runKernel } from './runKernel.ts'
import { products, type TestMatrix, testMatrix } from './weights.ts'

interface Shape {
  readonly target: LibraryTarget
  readonly format: WeightFormat
  readonly rows: number
  readonly columns: number
  readonly count: number
  readonly chosen: number
}

interface Expected {
  readonly value: number
  readonly tolerance: number
}

const expertOf = (all: TestMatrix, { rows, columns }: Shape, expert: number): TestMatrix => ({
  buffers: [],
  values: all.values.subarray(expert * rows * columns, (expert + 1) * rows * columns),
})

/** share * silu(gate) * up of each unit, and its tolerance. */
function gatedUnits(matrix: TestMatrix, x: Float64Array, share: number, relative: number): readonly Expected[] {
  const { sums, magnitudes } = products(matrix, x)
  const units = sums.length / 2
  return Array.from({ length: units }, (_, i) => {
    const [gate, up, near, far] = [sums[i], sums[i + units], magnitudes[i], magnitudes[i + units]] as [
      number,
      number,
      number,
      number,
    ]
    const silu = activate('silu', gate)
    return {
      value: share * silu * up,
      tolerance: relative * (share * (near * Math.abs(up) + Math.abs(silu) * far) + 1e-3),
    }
  })
}

function check(seen: Float32Array, expected: readonly Expected[]): number {
  return worstError(
    seen,
    expected.map(({ value }) => value),
    expected.map(({ tolerance }) => tolerance),
  )
}

export async function matvecError(
  device: GPUDevice,
  shape: Shape,
  kind: 'gated' | 'addResidual',
  seed: number,
): Promise<number> {
  const { rows, columns, count, chosen, format } = shape
  const next = randomSource(seed)
  const ids = idsOf(1, count, chosen, false, next)
  const matrix = testMatrix(count * rows, columns, format, next)
  const x = randomFloats((kind === 'gated' ? 1 : chosen) * columns, next)
  const shares = Float32Array.from(ids, () => next())
  const epilogue = kind === 'gated' ? ({ kind, activation: 'silu' } as const) : ({ kind, scale: 0.5 } as const)
  const length = kind === 'gated' ? (chosen * rows) / 2 : rows
  const before = randomFloats(length + 1, next)
  const options = { ...shape, epilogue }
  const result = await runKernel(device, expertsMatvec({ ...options, name: 'experts_matvec' }), {
    buffers: [x, ids, ...(kind === 'gated' ? [shares] : []), ...matrix.buffers, before],
    scalars: [],
    grid: expertsMatvecGrid(options),
  })
  const rowOf = (c: number) => Float64Array.from(x.subarray(c * columns, (c + 1) * columns))
  const expected: Expected[] = []
  if (kind === 'gated') {
    for (const [c, id] of ids.entries())
      expected.push(...gatedUnits(expertOf(matrix, shape, id), rowOf(0), shares[c] ?? 0, 1e-5))
  } else {
    const parts = [...ids].map((id, c) => products(expertOf(matrix, shape, id), rowOf(c)))
    for (let n = 0; n < rows; n++) {
      const sum = parts.reduce((all, { sums }) => all + (sums[n] ?? 0), 0)
      const size = parts.reduce((all, { magnitudes }) => all + (magnitudes[n] ?? 0), 0)
      const kept = 0.5 * (before[n] ?? 0)
      expected.push({ value: kept + sum, tolerance: 1e-5 * (size + Math.abs(kept) + 1e-3) })
    }
  }
  expected.push({ value: before[length] ?? 0, tolerance: 1e-30 })
  return check(floats(result.out, length + 1), expected)
}

export async function matmulError(
  device: GPUDevice,
  shape: Shape,
  kind: 'gated' | 'store',
  { tokens, crowded }: { readonly tokens: number; readonly crowded: boolean },
  seed: number,
): Promise<number> {
  const { target, rows, columns, count, chosen, format } = shape
  const next = randomSource(seed)
  const ids = idsOf(tokens, count, chosen, crowded, next)
  const epilogue = kind === 'gated' ? ({ kind, activation: 'silu' } as const) : ({ kind } as const)
  const options = { ...shape, epilogue }
  const tile = expertsMatmulTile(options)
  const { experts, choices } = await grouped(device, { target, count, chosen, tile: tile.choices }, ids)
  const matrix = testMatrix(count * rows, columns, format, next)
  const xRows = kind === 'gated' ? tokens : tokens * chosen
  const x = new Float32Array((xRows + 1) * columns).fill(Number.NaN)
  x.set(randomFloats(xRows * columns, next))
  const shares = Float32Array.from(ids, () => next())
  const width = kind === 'gated' ? rows / 2 : rows
  const before = randomFloats(ids.length * width + 1, next)
  const result = await runKernel(device, expertsMatmul({ ...options, name: 'experts_matmul' }), {
    buffers: [x, experts, choices, ...(kind === 'gated' ? [shares] : []), ...matrix.buffers, before],
    scalars: [tokens],
    grid: [Math.ceil(width / tile.units), experts.length],
  })
  const relative = target === 'half' && floatType(format) === 'float16' ? 2 ** -10 : 1e-5
  const expected = [...ids].flatMap((id, choice): readonly Expected[] => {
    const own = expertOf(matrix, shape, id)
    const row = kind === 'gated' ? Math.floor(choice / chosen) : choice
    const values = Float64Array.from(x.subarray(row * columns, (row + 1) * columns))
    if (kind === 'gated') return gatedUnits(own, values, shares[choice] ?? 0, relative)
    const { sums, magnitudes } = products(own, values)
    return Array.from(sums, (value, n) => ({ value, tolerance: relative * ((magnitudes[n] ?? 0) + 1e-3) }))
  })
  return check(floats(result.out, before.length), [...expected, { value: before.at(-1) ?? 0, tolerance: 1e-30 }])
}
