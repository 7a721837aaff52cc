// How WGSL reads weights in MLC's layouts (mlc-llm 79d603f, python/mlc_llm/quantization/group_quantization.py). Nibble i of a word is
// column i, value = (q - 7) * scale, one scale per 32 columns: a group is one vec4<u32>, so a load is a group. Scale rows are contiguous halves and
// may start at an odd one.
import type { Binding } from './kernel.ts'
import { floatType, isQuantized, type LibraryTarget, type WeightFormat } from './target.ts'

export interface WeightShape {
  readonly target: LibraryTarget
  readonly format: WeightFormat
  /** Any positive number. */
  readonly rows: number
  /** A multiple of 4. */
  readonly columns: number
}

/** Throws on a shape no kernel can read. */
export function checkWeightShape(name: string, { rows, columns }: WeightShape): void {
  if (!Number.isInteger(rows) || rows < 1) throw new Error(`kernel ${name}: ${rows} rows, expected a positive integer`)
  if (!Number.isInteger(columns) || columns < 4 || columns % 4 !== 0) {
    throw new Error(`kernel ${name}: ${columns} columns, expected a positive multiple of 4`)
  }
}

/** Columns in the unit of one load: a quantization group, or one vec4 of an unquantized row. */
export function chunkColumns(format: WeightFormat): 32 | 4 {
  return isQuantized(format) ? 32 : 4
}

export function chunksPerRow({ format, columns }: WeightShape): number {
  return Math.ceil(columns / chunkColumns(format))
}

/** Bindings of a matrix, indexed by row * chunksPerRow + chunk: `q_weight` and `q_scale`, or `weight`. */
export function weightBindings({ format, target }: WeightShape): readonly Binding[] {
  if (!isQuantized(format)) return [floatBinding('weight', 4, format, target)]
  return [{ name: 'q_weight', type: 'array<vec4<u32>>', access: 'read' }, floatBinding('q_scale', 1, format, target)]
}

/**
 * WGSL `nibbles(word) -> mat2x4`, `places` and `q_scale_at(chunk)`, or `weight_at(chunk) -> vec4<f32>`. Columns 0..3 of a word are
 * nibbles(word)[0] * places * scale, columns 4..7 nibbles(word)[1] * places * scale; nibbles and places are exact.
 */
export function weightFunctions({ format, target }: WeightShape): string {
  if (!isQuantized(format)) return floatFunction('weight', 4, format, target)
  const scale = floatFunction('q_scale', 1, format, target)
  return `${target === 'half' ? halfNibbles : floatNibbles}\n${scale}`
}

/** A vector of the format's float type, read as scalars or as vec4. */
export function floatBinding(name: string, width: 1 | 4, format: WeightFormat, target: LibraryTarget): Binding {
  const packed = floatType(format) === 'float16' && target !== 'half'
  const scalar = floatType(format) === 'float32' ? 'f32' : 'f16'
  const type = packed ? (width === 4 ? 'vec2<u32>' : 'u32') : width === 4 ? `vec4<${scalar}>` : scalar
  return { name, type: `array<${type}>`, access: 'read' }
}

/** WGSL `<name>_at(index)` -> f32 or vec4<f32> over a floatBinding. Without shader-f16 halves are unpacked from words. */
export function floatFunction(name: string, width: 1 | 4, format: WeightFormat, target: LibraryTarget): string {
  const type = width === 4 ? 'vec4<f32>' : 'f32'
  const head = `fn ${name}_at(index : u32) -> ${type}`
  if (floatType(format) === 'float32') return `${head} { return ${name}[index]; }`
  if (target === 'half') return `${head} { return ${type}(${name}[index]); }`
  if (width === 1) {
    return `${head} { return unpack2x16float(${name}[index >> 1u] >> ((index & 1u) << 4u)).x; }`
  }
  return `${head} {
  let halves = ${name}[index];
  return vec4<f32>(unpack2x16float(halves.x), unpack2x16float(halves.y));
}`
}

// 2^23 + n has the bits 0x4b000000 | n, so a nibble becomes a float where it stands, times its place: exact, no shift but one, and no conversion
// (which GPUs do at quarter rate). The places are taken out of what it is multiplied with.
const floatNibbles = `
const places = vec4<f32>(1.0, 0.0625, 0.00390625, 0.000244140625);
fn nibbles(word : u32) -> mat2x4<f32> {
  let mask = vec4<u32>(0xfu, 0xf0u, 0xf00u, 0xf000u);
  let one = vec4<u32>(0x4b000000u);
  let zero = vec4<f32>(8388615.0, 8388720.0, 8390400.0, 8417280.0);
  return mat2x4<f32>(
    bitcast<vec4<f32>>((vec4<u32>(word) & mask) | one) - zero,
    bitcast<vec4<f32>>((vec4<u32>(word >> 16u) & mask) | one) - zero,
  );
}`.trim()

// 1024 + n has the bits 0x6400 | n: two columns, four apart, per operation.
const halfNibbles = `
const places = vec4<f32>(1.0, 0.0625, 1.0, 0.0625);
fn nibbles(word : u32) -> mat2x4<f16> {
  let a = bitcast<vec2<f16>>((word & 0x000f000fu) | 0x64006400u) - 1031.0h;
  let b = bitcast<vec2<f16>>((word & 0x00f000f0u) | 0x64006400u) - 1136.0h;
  let c = bitcast<vec2<f16>>(((word >> 8u) & 0x000f000fu) | 0x64006400u) - 1031.0h;
  let d = bitcast<vec2<f16>>(((word >> 8u) & 0x00f000f0u) | 0x64006400u) - 1136.0h;
  return mat2x4<f16>(vec4<f16>(a.x, b.x, c.x, d.x), vec4<f16>(a.y, b.y, c.y, d.y));
}`.trim()
