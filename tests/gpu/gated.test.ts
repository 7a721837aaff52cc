import { expect, test } from 'vitest'
import type { Activation } from '../../shared/compiler/architectures/spec.ts'
import { gated } from '../../shared/compiler/kernels/gated.ts'
import { activate } from '../reference/activation.ts'
import { maxDifference, testDevice } from '../support/attention.ts'
import { randomFloats, randomSource } from '../support/random.ts'
import { runKernel } from '../support/runKernel.ts'

const activations: readonly Activation[] = ['silu', 'relu', 'gelu', 'geluTanh']

async function run(
  gateUp: Float32Array<ArrayBuffer>,
  size: number,
  activation: Activation,
  gate: 'first' | 'second' = 'first',
): Promise<Float32Array> {
  const tokens = gateUp.length / size / 2
  const { out } = await runKernel(await testDevice(), gated({ name: 'gated', size, activation, gate }), {
    buffers: [gateUp, gateUp.byteLength / 2],
    scalars: [tokens],
    grid: [tokens * Math.ceil(size / 256)],
  })
  return new Float32Array(out as ArrayBuffer, 0, gateUp.length / 2)
}

test('the activation of the gate times up, for sizes beside and across a workgroup, whichever half is the gate', async () => {
  for (const [size, tokens] of [
    [3, 2],
    [256, 1],
    [768, 3],
    [1100, 2],
  ] as const) {
    const gateUp = randomFloats(tokens * 2 * size, randomSource(size), 3)
    for (const [index, activation] of activations.entries()) {
      const gate = (index + size) % 2 === 0 ? 'first' : 'second'
      const expected = Float64Array.from({ length: tokens * size }, (_, at) => {
        const start = Math.floor(at / size) * 2 * size + (at % size)
        const halves = [gateUp[start] as number, gateUp[start + size] as number] as const
        const [first, second] = gate === 'first' ? halves : [halves[1], halves[0]]
        return activate(activation, first) * second
      })
      // Products reach about 100; WGSL's exp may be off by a few steps.
      const seen = await run(gateUp, size, activation, gate)
      expect(maxDifference(seen, expected), `${activation} ${size} ${gate}`).toBeLessThan(5e-5)
    }
  }
})

test('each activation follows its definition to a few steps of float32 from -12 to 12', async () => {
  const gates = Float32Array.from({ length: 2400 }, (_, index) => Math.fround((index - 1200) / 100))
  for (const activation of activations) {
    const seen = await run(new Float32Array([...gates, ...gates.map(() => 1)]), gates.length, activation)
    const worst = gates.reduce((most, x, index) => {
      const error = Math.abs((seen[index] as number) - activate(activation, x)) / Math.max(1, Math.abs(x))
      return Math.max(most, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error)
    }, 0)
    // Hastings' erf is good to 1.5e-7, of which gelu takes half; the rest is rounding.
    expect(worst, activation).toBeLessThan(3e-7)
  }
})

test('gates far from zero give 0 or the gate itself, never a NaN', async () => {
  for (const activation of activations) {
    const seen = await run(new Float32Array([-3e38, -1e4, -1000, 1000, 1e4, 3e38, 1, 2, 2, 2, 2, 1]), 6, activation)
    expect(
      [...seen].map((value) => (Math.abs(value) < 1e-6 ? 0 : value)),
      activation,
    ).toEqual([0, 0, 0, 2000, 20_000, Math.fround(3e38)])
  }
})
