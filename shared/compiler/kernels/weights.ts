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

/** WGSL `nibbles(word) -> mat2x4` (q - 7 of columns 0..3 and 4..7, exact) and `q_scale_at(chunk)`, or `weight_at(chunk) -> vec4<f32>`. */
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

// 2^23 + q has the bits 0x4b000000 | q: exact, and cheaper than a conversion on GPUs that convert at quarter rate.
const floatNibbles = `
fn nibbles(word : u32) -> mat2x4<f32> {
  let low = (vec4<u32>(word) >> vec4<u32>(0u, 4u, 8u, 12u)) & vec4<u32>(15u);
  let high = (vec4<u32>(word) >> vec4<u32>(16u, 20u, 24u, 28u)) & vec4<u32>(15u);
  let bias = vec4<u32>(0x4b000000u);
  return mat2x4<f32>(bitcast<vec4<f32>>(low | bias) - 8388615.0, bitcast<vec4<f32>>(high | bias) - 8388615.0);
}`.trim()

// 1024 + q has the bits 0x6400 | q: two columns, four apart, per operation.
const halfNibbles = `
fn nibble_pair(word : u32, shift : u32) -> vec2<f16> {
  return bitcast<vec2<f16>>(((word >> shift) & 0x000f000fu) | 0x64006400u) - vec2<f16>(1031.0h);
}
fn nibbles(word : u32) -> mat2x4<f16> {
  let a = nibble_pair(word, 0u);
  let b = nibble_pair(word, 4u);
  let c = nibble_pair(word, 8u);
  let d = nibble_pair(word, 12u);
  return mat2x4<f16>(vec4<f16>(a.x, b.x, c.x, d.x), vec4<f16>(a.y, b.y, c.y, d.y));
}`.trim()
