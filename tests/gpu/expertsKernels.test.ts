// Each kernel of a mixture of experts against a plain computation in float64 over the same stored numbers. Tolerance as in matvec.test.ts: 1e-5 of the sum
// of magnitudes; tiles of the half target keep float16 weights in float16, 2^-11 of each.
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { expertsCombine, expertsCombineGroupsPerToken } from '../../shared/compiler/kernels/expertsCombine.ts'
import { expertsGroup, expertsTiles, noChoice } from '../../shared/compiler/kernels/expertsGroup.ts'
import { expertsMatmul, expertsMatmulTile } from '../../shared/compiler/kernels/expertsMatmul.ts'
import { expertsMatvec, expertsMatvecGrid } from '../../shared/compiler/kernels/expertsMatvec.ts'
import {
  type ExpertsRouteOptions,
  expertsRoute,
  expertsRouteTokensPerGroup,
} from '../../shared/compiler/kernels/expertsRoute.ts'
import type { NormCode } from '../../shared/compiler/kernels/norm.ts'
import { floatType, weightFormats } from '../../shared/compiler/kernels/target.ts'
import { activate } from '../reference/activation.ts'
import { requestTestDevice } from '../support/device.ts'
import { linearCases, targetsOf, worstError } from '../support/linearCases.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'
import { products, type TestMatrix, testMatrix, testTensor } from '../support/weights.ts'

let device: GPUDevice

beforeAll(async () => {
  const found = await requestTestDevice()
  if (found === null) throw new Error('no WebGPU adapter')
  device = found
})

const floats = (buffer: ArrayBuffer | undefined, length: number) => new Float32Array(buffer as ArrayBuffer, 0, length)
const words = (buffer: ArrayBuffer | undefined, length: number) => new Uint32Array(buffer as ArrayBuffer, 0, length)

/** A table of the device: each target and format once. */
const table = () => linearCases(device, [{ rows: 1, columns: 4 }]).map(({ target, format }) => ({ target, format }))

// ---- choosing

const rms: NormCode = { kind: 'rms', epsilon: 1e-5, epsilonOutsideRoot: false, weight: true, bias: false }
const norms: readonly (NormCode | null)[] = [
  null,
  rms,
  { ...rms, weight: false, epsilonOutsideRoot: true },
  { ...rms, kind: 'layer', bias: true },
]

function normalise(row: readonly number[], norm: NormCode, weight: Float64Array | null, bias: Float64Array | null) {
  const mean = norm.kind === 'layer' ? row.reduce((sum, value) => sum + value, 0) / row.length : 0
  const square = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length
  const factor = norm.epsilonOutsideRoot ? 1 / (Math.sqrt(square) + norm.epsilon) : 1 / Math.sqrt(square + norm.epsilon)
  return row.map((value, k) => (value - mean) * factor * (weight?.[k] ?? 1) + (bias?.[k] ?? 0))
}

/** Runs the router; ids must be the best by float64 scores up to rounding, shares their softmax, normed the norm. Returns the largest error. */
async function routeError(o: Omit<ExpertsRouteOptions, 'name'>, tokens: number, seed: number): Promise<number> {
  const { columns, count, chosen, norm, format } = o
  const next = randomSource(seed)
  const x = new Float32Array((tokens + 1) * columns).fill(Number.NaN)
  x.set(randomFloats(tokens * columns, next))
  const weight = norm?.weight ? testTensor(columns, format, next, 1) : null
  const bias = norm?.bias ? testTensor(columns, format, next, 0.5) : null
  const router = testTensor(count * columns, format, next, 0.2)
  const result = await runKernel(device, expertsRoute({ ...o, name: 'route' }), {
    buffers: [
      x,
      ...[weight, bias, router].flatMap((tensor) => (tensor === null ? [] : [tensor.bytes])),
      ...(norm === null ? [] : [tokens * columns * 4]),
      tokens * chosen * 4,
      tokens * chosen * 4,
    ],
    scalars: [tokens],
    grid: [Math.ceil(tokens / expertsRouteTokensPerGroup(o))],
  })
  const ids = words(result.ids, tokens * chosen)
  const shares = floats(result.shares, tokens * chosen)
  let worst = 0
  for (let t = 0; t < tokens; t++) {
    const raw = [...x.subarray(t * columns, (t + 1) * columns)]
    const row = norm === null ? raw : normalise(raw, norm, weight?.values ?? null, bias?.values ?? null)
    if (norm !== null) {
      const seen = floats(result.normed, (t + 1) * columns).subarray(t * columns)
      const spread = Math.max(...row.map(Math.abs))
      worst = Math.max(worst, worstError(seen, row, new Float64Array(columns).fill(1e-5 * (spread + 1e-3))))
    }
    const { sums, magnitudes } = products({ buffers: [], values: router.values }, Float64Array.from(row))
    const slack = 1e-5 * (Math.max(...magnitudes) + 1e-3)
    const mine = [...ids.subarray(t * chosen, (t + 1) * chosen)]
    expect(new Set(mine).size, `${mine} are ${chosen} different experts`).toBe(chosen)
    const scores = mine.map((id) => sums[id] ?? Number.NaN)
    const best = [...sums].sort((a, b) => b - a).slice(0, chosen)
    worst = Math.max(worst, worstError(scores, best, new Float64Array(chosen).fill(slack)))
    const exponentials = scores.map((score) => Math.exp(score - Math.max(...scores)))
    const total = exponentials.reduce((sum, value) => sum + value, 0)
    const softmax = exponentials.map((value) => value / total)
    worst = Math.max(
      worst,
      worstError(
        shares.subarray(t * chosen, (t + 1) * chosen),
        softmax,
        new Float64Array(chosen).fill(2 * slack + 1e-6),
      ),
    )
  }
  return worst
}

test('the router norms its input, takes the best experts and shares a token among them, for every target and format', async () => {
  // Every target meets every norm, each in another format: kernels are slow to compile.
  for (const [index, { target, format }] of table().entries()) {
    const norm = norms[index % norms.length] ?? null
    const o = { target, format, columns: 68, count: 9, chosen: 3, norm }
    expect(await routeError(o, 5, index), `${target} ${format} ${norm?.kind}`).toBeLessThan(1)
  }
})

test('of experts with equal scores the first are taken, and scores far apart give shares of 1 and almost 0', async () => {
  for (const target of targetsOf(device)) {
    const o = { name: 'route', target, format: 'q0f32', columns: 4, count: 40, chosen: 4, norm: null } as const
    const router = new Float32Array(160)
    router.set([1, 0, 0, 0], 4 * 35)
    router.set([0, 1e4, 0, 0], 4 * 7)
    const run = async (x: readonly number[]) => {
      const result = await runKernel(device, expertsRoute(o), {
        buffers: [new Float32Array(x), router, 16, 16],
        scalars: [1],
        grid: [1],
      })
      return { ids: [...words(result.ids, 4)], shares: [...floats(result.shares, 4)] }
    }
    expect(await run([0, 0, 0, 0])).toEqual({ ids: [0, 1, 2, 3], shares: [0.25, 0.25, 0.25, 0.25] })
    expect((await run([1, 0, 0, 0])).ids).toEqual([35, 0, 1, 2])
    const { ids, shares } = await run([0, 1, 0, 0])
    expect(ids).toEqual([7, 0, 1, 2])
    expect(shares[0]).toBe(1)
    expect(Math.max(...shares.slice(1))).toBeLessThan(1e-30)
  }
})

// ---- sorting

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
      const { experts, choices } = await grouped({ target, count, chosen, tile }, ids)
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

/** Different experts for each token; crowded: the first ones for all. */
function idsOf(tokens: number, count: number, chosen: number, crowded: boolean, next: () => number): Uint32Array {
  const ids = new Uint32Array(tokens * chosen)
  for (let t = 0; t < tokens; t++) {
    const order = Array.from({ length: count }, (_, expert) => ({ expert, key: crowded ? expert : next() }))
    order.sort((a, b) => a.key - b.key)
    for (let c = 0; c < chosen; c++) ids[t * chosen + c] = order[c]?.expert ?? 0
  }
  return ids
}

async function grouped(
  o: Omit<Parameters<typeof expertsGroup>[0], 'name'>,
  ids: Uint32Array,
): Promise<{ readonly experts: Uint32Array; readonly choices: Uint32Array }> {
  const tokens = ids.length / o.chosen
  const { perTokens, multiply, add } = expertsTiles(o)
  const tiles = Math.ceil(tokens / perTokens) * multiply + add
  const poison = (length: number) => new Uint32Array(length).fill(0x7777_7777)
  const result = await runKernel(device, expertsGroup({ ...o, name: 'group' }), {
    buffers: [ids, poison(tiles), poison(tiles * o.tile)],
    scalars: [tokens],
    grid: [1],
  })
  return { experts: words(result.experts, tiles), choices: words(result.choices, tiles * o.tile) }
}

// ---- products

interface Shape {
  readonly target: ReturnType<typeof targetsOf>[number]
  readonly format: (typeof weightFormats)[number]
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

async function matvecError(shape: Shape, kind: 'gated' | 'addResidual', seed: number): Promise<number> {
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

test.each(['gated', 'addResidual'] as const)(
  "one token's products with its experts (%s) are those of float64, for every target and format",
  async (kind) => {
    for (const { target, format } of table()) {
      const shape = { target, format, rows: 66, columns: 68, count: 5, chosen: 2 }
      expect(await matvecError(shape, kind, 3), `${target} ${format}`).toBeLessThan(1)
    }
  },
)

test("experts' matrices with many rows give the numbers of float64", async () => {
  for (const target of targetsOf(device)) {
    const shape = { target, format: 'q4f16_1', rows: 16_390, columns: 36, count: 3, chosen: 2 } as const
    expect(await matvecError(shape, 'gated', 3), target).toBeLessThan(1)
  }
})

async function matmulError(
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
  const { experts, choices } = await grouped({ target, count, chosen, tile: tile.choices }, ids)
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

test("a chunk's products with its experts are those of float64, for every target and format", async () => {
  for (const { target, format } of table()) {
    // Both read weights alike, and tiles are slow to compile.
    const kinds = format === 'q4f16_1' || format === 'q0f32' ? (['gated', 'store'] as const) : (['gated'] as const)
    for (const kind of kinds) {
      const shape = { target, format, rows: 70, columns: 36, count: 3, chosen: 2 }
      const error = await matmulError(shape, kind, { tokens: 70, crowded: false }, 5)
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
          route: () => routeError({ target, format, columns: 4 * quads, count, chosen, norm }, tokens, data),
          gated: () => matvecError(shape, 'gated', data),
          down: () => matvecError(shape, 'addResidual', data),
          gatedChunk: () => matmulError(shape, 'gated', { tokens, crowded }, data),
          downChunk: () => matmulError({ ...shape, rows: units }, 'store', { tokens, crowded }, data),
        }
        expect(await errors[kind]()).toBeLessThan(1)
      },
    ),
    { seed, numRuns: 8, endOnFailure: true },
  )
})

// ---- adding up

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
