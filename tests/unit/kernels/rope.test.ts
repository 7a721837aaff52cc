import { expect, test } from 'vitest'
import { ropeTable } from '../../../shared/compiler/kernels/rope.ts'
import { ropeFrequencies } from '../../../shared/compiler/kernels/ropeFrequencies.ts'

/** What the WGSL function does with the table, in float64. */
function turn(table: { bytes: Uint8Array; shift: number }, headSize: number, position: number, pair: number) {
  const half = headSize / 2
  const floats = new Float32Array(table.bytes.buffer, table.bytes.byteOffset, table.bytes.byteLength / 4)
  const lowRows = 2 ** table.shift
  const row = (index: number) =>
    [floats[(index * half + pair) * 2] as number, floats[(index * half + pair) * 2 + 1] as number] as const
  const [lowCos, lowSin] = row(position % lowRows)
  const [highCos, highSin] = row(lowRows + Math.floor(position / lowRows))
  return [highCos * lowCos - highSin * lowSin, highSin * lowCos + highCos * lowSin] as const
}

test('two table rows multiply to the rotation of every position, with and without linear scaling', () => {
  for (const [headSize, positions, factor] of [
    [48, 4096, 1],
    [128, 131_072, 8],
    [4, 1, 1],
    [64, 1000, 1],
  ] as const) {
    const scaling = factor === 1 ? ({ kind: 'none' } as const) : ({ kind: 'linear', factor } as const)
    const table = ropeTable({ theta: 10_000, size: headSize, pairing: 'halves', scaling }, positions)
    for (let step = 0; step <= 200; step++) {
      const position = Math.min(positions - 1, Math.floor((positions * step) / 200))
      for (const pair of [0, Math.floor(headSize / 4), headSize / 2 - 1]) {
        const angle = (position / factor) * Math.fround(1 / 10_000 ** ((2 * pair) / headSize))
        const [cos, sin] = turn(table, headSize, position, pair)
        // Four factors rounded to float32, each within 6e-8.
        expect(Math.abs(cos - Math.cos(angle)), `${headSize} ${position} ${pair}`).toBeLessThan(3e-7)
        expect(Math.abs(sin - Math.sin(angle)), `${headSize} ${position} ${pair}`).toBeLessThan(3e-7)
      }
    }
  }
})

test("Llama 3.1's scaling keeps short waves, divides long ones and goes over between them", () => {
  // inv_freq of transformers' _compute_llama3_parameters for Llama 3.2 1B: rope_theta 500000, head_dim 64, factor 32, 1, 4, 8192.
  const scaling = {
    kind: 'llama3',
    factor: 32,
    lowFrequencyFactor: 1,
    highFrequencyFactor: 4,
    originalContextTokens: 8192,
  } as const
  const rope = { theta: 500_000, size: 64, pairing: 'halves', scaling } as const
  const plain = ropeFrequencies({ ...rope, scaling: { kind: 'none' } })
  const scaled = ropeFrequencies(rope)
  const wavelengths = plain.map((frequency) => (2 * Math.PI) / frequency)
  for (const [pair, frequency] of scaled.entries()) {
    const [before, wavelength] = [plain[pair] ?? 0, wavelengths[pair] ?? 0]
    if (wavelength < 2048) expect(frequency).toBe(before)
    else if (wavelength > 8192) expect(frequency).toBe(Math.fround(before / 32))
    else expect(frequency / before).toBeCloseTo((1 - share(wavelength)) / 32 + share(wavelength), 6)
  }
  const kinds = wavelengths.map((wavelength) =>
    wavelength < 2048 ? 'kept' : wavelength > 8192 ? 'divided' : 'between',
  )
  expect(new Set(kinds).size).toBe(3)
})

/** Of the way from long to short. */
function share(wavelength: number): number {
  return (8192 / wavelength - 1) / (4 - 1)
}

test('the table of a long context stays small', () => {
  const table = ropeTable({ theta: 500_000, size: 128, pairing: 'halves', scaling: { kind: 'none' } }, 131_072)
  expect(table.bytes.length).toBeLessThan(512 * 1024)
})
