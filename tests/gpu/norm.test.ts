import { expect, test } from 'vitest'
import { type NormCode, norm, normRowsPerGroup } from '../../shared/compiler/kernels/norm.ts'
import type { LibraryTarget, WeightFormat } from '../../shared/compiler/kernels/target.ts'
import { referenceNorm } from '../reference/attention.ts'
import { maxDifference, packCache, roundToCache, runnableTargets, testDevice } from '../support/attention.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'

const rms: NormCode = { kind: 'rms', epsilon: 1e-5, epsilonOutsideRoot: false, weight: true, bias: false }
const layer: NormCode = { ...rms, kind: 'layer', bias: true }
const norms: readonly NormCode[] = [
  rms,
  { ...rms, epsilon: 0.3, epsilonOutsideRoot: true, weight: false },
  { ...rms, bias: true },
  layer,
  { ...layer, weight: false, bias: false },
  { ...layer, bias: false },
]
const shapes = [
  { columns: 4, tokens: 3 },
  { columns: 288, tokens: 7 },
  { columns: 1028, tokens: 2 },
] as const

interface Job extends NormCode {
  readonly target: LibraryTarget
  readonly format: WeightFormat
  readonly columns: number
}

async function run(o: Job, x: Float32Array<ArrayBuffer>, seed: number) {
  const next = randomSource(seed)
  // Float16 tensors are packed as a half-precision cache is.
  const stored = o.format === 'q4f16_1' ? 'half' : 'portable'
  const [weight, bias] = [
    roundToCache(randomFloats(o.columns, next), stored),
    roundToCache(randomFloats(o.columns, next), stored),
  ]
  const tokens = x.length / o.columns
  const { out } = await runKernel(await testDevice(), norm({ ...o, name: 'norm' }), {
    buffers: [
      x,
      ...(o.weight ? [packCache(weight, stored)] : []),
      ...(o.bias ? [packCache(bias, stored)] : []),
      x.byteLength,
    ],
    scalars: [tokens],
    grid: [Math.ceil(tokens / normRowsPerGroup(o))],
  })
  return {
    seen: new Float32Array(out as ArrayBuffer, 0, x.length),
    expected: referenceNorm(x, o.columns, o, weight, bias),
  }
}

test('every row is normalised as float64 does, with and without weight, bias and mean', async () => {
  for (const target of await runnableTargets()) {
    for (const [index, code] of norms.entries()) {
      for (const { columns, tokens } of shapes) {
        const format = index % 2 === 0 ? 'q4f16_1' : 'q4f32_1'
        const x = randomFloats(columns * tokens, randomSource(columns + tokens), 3)
        const { seen, expected } = await run({ target, format, columns, ...code }, x, index)
        // Values reach about 10: 5e-6 is five steps of float32 there.
        expect(maxDifference(seen, expected), `${target} ${format} ${columns} ${JSON.stringify(code)}`).toBeLessThan(
          5e-6,
        )
      }
    }
  }
})

test('a mean a thousand times the spread does not cancel, nor does a channel that dwarfs the others', async () => {
  const columns = 4096
  for (const target of await runnableTargets()) {
    const far = randomFloats(columns, randomSource(3)).map((value) => value + 1000)
    const outlier = randomFloats(columns, randomSource(4))
    outlier[7] = -3000
    const plain = { target, format: 'q4f32_1', columns, ...layer, weight: false, bias: false } as const
    for (const x of [far, outlier]) {
      const { seen, expected } = await run(plain, x, 1)
      // The outlier's result is 64, and one invocation adding squares beside 9e6 has steps of 1 there.
      // At 1000 float32 has steps of 6e-5, and so has the mean; a variance as a difference of sums would be off by a twentieth.
      expect(maxDifference(seen, expected), target).toBeLessThan(x === far ? 1.5e-4 : 2e-4)
    }
  }
})

test('a row of zeros stays zero, and one without spread becomes the bias', async () => {
  for (const target of await runnableTargets()) {
    const zeros = await run({ target, format: 'q4f32_1', columns: 8, ...rms }, new Float32Array(8), 1)
    expect([...zeros.seen].every((value) => value === 0)).toBe(true)
    const flat = await run({ target, format: 'q4f32_1', columns: 8, ...layer }, new Float32Array(8).fill(40), 1)
    expect(maxDifference(flat.seen, flat.expected)).toBe(0)
  }
})
