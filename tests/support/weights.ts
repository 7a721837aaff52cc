// Random weights in every stored format with their values in float64, for the kernels that read them. What a kernel must not use is poison: padded nibbles
// are random, and rows past the end are NaN.
import { floatType, isQuantized, type WeightFormat } from '../../shared/compiler/kernels/target.ts'
import { randomFloats } from './random.ts'

export interface TestTensor {
  readonly bytes: ArrayBufferView
  /** The stored numbers, exactly. */
  readonly values: Float64Array
}

export interface TestMatrix {
  /** q_weight and q_scale, or weight. */
  readonly buffers: readonly ArrayBufferView[]
  /** [rows, columns] */
  readonly values: Float64Array
}

/** A float tensor in the format's float type, followed by NaN. */
export function testTensor(length: number, format: WeightFormat, next: () => number, scale: number): TestTensor {
  const wanted = randomFloats(length, next, scale)
  if (floatType(format) === 'float32') {
    const bytes = new Float32Array(length + 2).fill(Number.NaN)
    bytes.set(wanted)
    return { bytes, values: Float64Array.from(wanted) }
  }
  const halves = new Uint16Array(length + 2 + (length % 2)).fill(0x7e00)
  halves.set(Uint16Array.from(wanted, toHalf))
  return { bytes: halves, values: Float64Array.from(halves.subarray(0, length), fromHalf) }
}

export function testMatrix(rows: number, columns: number, format: WeightFormat, next: () => number): TestMatrix {
  if (!isQuantized(format)) {
    const weight = testTensor(rows * columns, format, next, 0.1)
    return { buffers: [weight.bytes], values: weight.values }
  }
  const groups = Math.ceil(columns / 32)
  const words = Uint32Array.from({ length: rows * groups * 4 }, () => Math.floor(next() * 2 ** 32))
  const scales = testTensor(rows * groups, format, next, 0.02)
  const values = new Float64Array(rows * columns)
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < columns; k++) {
      const q = ((words[row * groups * 4 + (k >> 3)] ?? 0) >>> (4 * (k & 7))) & 15
      values[row * columns + k] = (q - 7) * (scales.values[row * groups + (k >> 5)] ?? 0)
    }
  }
  return { buffers: [words, scales.bytes], values }
}

/** Sums in float64, and the sums of magnitudes that bound the rounding of a float32 sum. */
export function products(
  matrix: TestMatrix,
  x: Float64Array,
): { readonly sums: Float64Array; readonly magnitudes: Float64Array } {
  const rows = matrix.values.length / x.length
  const sums = new Float64Array(rows)
  const magnitudes = new Float64Array(rows)
  for (let n = 0; n < rows; n++) {
    for (let k = 0; k < x.length; k++) {
      const term = (matrix.values[n * x.length + k] ?? 0) * (x[k] ?? 0)
      sums[n] = (sums[n] ?? 0) + term
      magnitudes[n] = (magnitudes[n] ?? 0) + Math.abs(term)
    }
  }
  return { sums, magnitudes }
}

/** Nearest half of a number in the range of normal halves, subnormals flushed. */
function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (size < 2 ** -14) return sign
  const exponent = Math.floor(Math.log2(size))
  return sign + ((exponent + 15) << 10) + Math.round((size / 2 ** exponent - 1) * 1024)
}

export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
