// A mixture's router against a plain computation in float64. Tolerance as in expertsProducts.ts.
import { expect } from 'vitest'
import {
  type ExpertsRouteOptions,
  expertsRoute,
  expertsRouteTokensPerGroup,
} from '../../shared/compiler/kernels/expertsRoute.ts'
import type { NormCode } from '../../shared/compiler/kernels/norm.ts'
import { worstError } from './linearCases.ts'
import { randomFloats, randomSource } from './random.ts'
import { floats, runKernel, words } from './runKernel.ts'
import { products, testTensor } from './weights.ts'

const rms: NormCode = { kind: 'rms', epsilon: 1e-5, epsilonOutsideRoot: false, weight: true, bias: false }
export const norms: readonly (NormCode | null)[] = [
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
export async function routeError(
  device: GPUDevice,
  o: Omit<ExpertsRouteOptions, 'name'>,
  tokens: number,
  seed: number,
): Promise<number> {
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
