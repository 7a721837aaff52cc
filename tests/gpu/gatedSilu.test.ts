import { expect, test } from 'vitest'
import { gatedSilu } from '../../shared/compiler/kernels/gatedSilu.ts'
import { referenceGatedSilu } from '../reference/attention.ts'
import { maxDifference, testDevice } from '../support/attention.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'

async function run(gateUp: Float32Array<ArrayBuffer>, intermediate: number): Promise<Float32Array> {
  const tokens = gateUp.length / intermediate / 2
  const { out } = await runKernel(await testDevice(), gatedSilu({ name: 'gated_silu', intermediate }), {
    buffers: [gateUp, gateUp.byteLength / 2],
    scalars: [tokens],
    grid: [tokens * Math.ceil(intermediate / 256)],
  })
  return new Float32Array(out as ArrayBuffer, 0, gateUp.length / 2)
}

test('silu of the gate times up, for sizes beside and across a workgroup', async () => {
  for (const [intermediate, tokens] of [
    [3, 2],
    [256, 1],
    [768, 3],
    [1100, 2],
  ] as const) {
    const gateUp = randomFloats(tokens * 2 * intermediate, randomSource(intermediate), 3)
    // Products reach about 100; WGSL's exp may be off by a few steps.
    expect(maxDifference(await run(gateUp, intermediate), referenceGatedSilu(gateUp, intermediate))).toBeLessThan(5e-5)
  }
})

test('gates far from zero give 0 or the gate itself, never a NaN', async () => {
  const seen = await run(new Float32Array([-3e38, -1000, 1000, 3e38, 2, 2, 2, 1]), 4)
  expect([...seen].map((value) => (Math.abs(value) < 1e-6 ? 0 : value))).toEqual([0, 0, 2000, Math.fround(3e38)])
})
