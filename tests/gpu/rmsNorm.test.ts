import { expect, test } from 'vitest'
import { rmsNorm, rmsNormRowsPerGroup } from '../../shared/compiler/kernels/rmsNorm.ts'
import { referenceRmsNorm } from '../reference/attention.ts'
import { maxDifference, packCache, roundToCache, runnableTargets, testDevice } from '../support/attention.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'

const cases = [
  { columns: 4, tokens: 3 },
  { columns: 288, tokens: 7 },
  { columns: 1028, tokens: 2 },
] as const

test('every row is scaled to unit root mean square and weighted, with weights in float16 or float32', async () => {
  for (const target of await runnableTargets()) {
    for (const format of ['q4f16_1', 'q4f32_1'] as const) {
      for (const { columns, tokens } of cases) {
        const next = randomSource(columns + tokens)
        const x = randomFloats(columns * tokens, next, 3)
        // Float16 weights are packed as a half-precision cache is.
        const stored = format === 'q4f16_1' ? 'half' : 'portable'
        const weight = roundToCache(randomFloats(columns, next), stored)
        const options = { name: 'rms_norm', target, format, columns, epsilon: 1e-5 }
        const { out } = await runKernel(await testDevice(), rmsNorm(options), {
          buffers: [x, packCache(weight, stored), x.byteLength],
          scalars: [tokens],
          grid: [Math.ceil(tokens / rmsNormRowsPerGroup(options))],
        })
        const seen = new Float32Array(out as ArrayBuffer, 0, x.length)
        // Values reach about 10: 5e-6 is five steps of float32 there.
        expect(maxDifference(seen, referenceRmsNorm(x, weight, 1e-5)), `${target} ${format} ${columns}`).toBeLessThan(
          5e-6,
        )
      }
    }
  }
})

test('a row of zeros stays zero', async () => {
  for (const target of await runnableTargets()) {
    const options = { name: 'rms_norm', target, format: 'q4f32_1', columns: 8, epsilon: 1e-6 } as const
    const { out } = await runKernel(await testDevice(), rmsNorm(options), {
      buffers: [32, new Float32Array(8).fill(1), new Float32Array(8).fill(5)],
      scalars: [1],
      grid: [1],
    })
    expect([...new Float32Array(out as ArrayBuffer, 0, 8)]).toEqual(Array(8).fill(0))
  }
})
