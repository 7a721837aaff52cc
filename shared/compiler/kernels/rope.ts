// Rotary position embedding (Su et al. 2021, arXiv:2104.09864). WGSL's sin and cos are too loose, so cosines and sines come from a table made in
// float64. The table has two levels, angle = high + low, and one complex product joins them: 128 rows serve 4096 positions.
import type { RopeSpec } from '../architectures/spec.ts'
import { ropeFrequencies } from './ropeFrequencies.ts'

export interface RopeTable {
  /** (cos, sin) pairs in float32, [lowRows + highRows, size / 2, 2]. */
  readonly bytes: Uint8Array
  /** log2 of lowRows: position = high << shift | low. */
  readonly shift: number
}

/** The table for positions 0..positions-1. */
export function ropeTable(rope: RopeSpec, positions: number): RopeTable {
  const { size, scaling } = rope
  const pairs = size / 2
  const frequencies = ropeFrequencies(rope)
  const shift = Math.max(1, Math.ceil(Math.log2(Math.max(2, positions)) / 2))
  const lowRows = 2 ** shift
  const highRows = Math.max(1, Math.ceil(positions / lowRows))
  const stretch = scaling.kind === 'linear' ? scaling.factor : 1
  const table = new Float32Array((lowRows + highRows) * pairs * 2)
  for (let row = 0; row < lowRows + highRows; row++) {
    const at = row < lowRows ? row : (row - lowRows) * lowRows
    for (let pair = 0; pair < pairs; pair++) {
      const angle = (at / stretch) * (frequencies[pair] as number)
      table[(row * pairs + pair) * 2] = Math.cos(angle)
      table[(row * pairs + pair) * 2 + 1] = Math.sin(angle)
    }
  }
  return { bytes: new Uint8Array(table.buffer), shift }
}

/** WGSL `fn rope(position, pair) -> vec2<f32>` (cos, sin); the kernel must bind the table as `rope_table : array<vec2<f32>>`, read. */
export function ropeFunction(size: number, shift: number): string {
  const pairs = size / 2
  return `
fn rope(position : u32, pair : u32) -> vec2<f32> {
  let low = rope_table[(position & ${2 ** shift - 1}u) * ${pairs}u + pair];
  let high = rope_table[(${2 ** shift}u + (position >> ${shift}u)) * ${pairs}u + pair];
  return vec2<f32>(high.x * low.x - high.y * low.y, high.y * low.x + high.x * low.y);
}
`
}
