// Conversions between float32, float16 and bfloat16. Widening is exact; narrowing rounds to nearest, ties to even (IEEE 754-2019, 4.3.1).

const scratchFloat = new Float32Array(1)
const scratchBits = new Uint32Array(scratchFloat.buffer)

/** Largest finite float16. */
const float16Maximum = 65_504

/** The nearest float16's bits; magnitudes of 65520 and above become infinity, as IEEE 754 says. NaN stays NaN. */
export function float16Bits(value: number): number {
  scratchFloat[0] = value
  return float16BitsOf(scratchBits[0] as number)
}

/** float32 bits -> float16 bits. A value that is not a float32 must not be rounded twice: callers pass float32 values. */
function float16BitsOf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fff_ffff
  if (magnitude >= 0x4780_0000) return sign | (magnitude > 0x7f80_0000 ? 0x7e00 : 0x7c00) // >= 65536, infinity, NaN
  if (magnitude >= 0x3880_0000) {
    // Normal in float16 (>= 2^-14): rebias the exponent by 112, round off 13 bits; a carry moves into the exponent by itself.
    const rebiased = magnitude - 0x3800_0000
    return sign | ((rebiased + 0x0fff + ((rebiased >>> 13) & 1)) >>> 13)
  }
  if (magnitude <= 0x3300_0000) return sign // <= 2^-25: ties to even zero
  const shift = 126 - (magnitude >>> 23) // 14..24: bits below the unit 2^-24
  const mantissa = (magnitude & 0x007f_ffff) | 0x0080_0000
  const kept = mantissa >>> shift
  const rest = mantissa & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  return sign | (kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0))
}

/** Exact value of float16 bits. */
export function float16Value(bits: number): number {
  const exponent = (bits >>> 10) & 31
  const mantissa = bits & 0x3ff
  const sign = bits & 0x8000 ? -1 : 1
  if (exponent === 31) return mantissa === 0 ? sign * Infinity : NaN
  return exponent === 0 ? sign * mantissa * 2 ** -24 : sign * (1024 + mantissa) * 2 ** (exponent - 25)
}

/** All 65536 float16 values by their bits, made on first use. */
let float16Table: Float32Array | undefined
function float16Values(): Float32Array {
  float16Table ??= Float32Array.from({ length: 65_536 }, (_, bits) => float16Value(bits))
  return float16Table
}

/** Widens little-endian float16 bytes; length 2 * output.length. */
export function widenFloat16(bytes: Uint8Array, output: Float32Array): void {
  const table = float16Values()
  const source = asUint16(bytes)
  for (let index = 0; index < output.length; index++) output[index] = table[source[index] as number] as number
}

/** The bfloat16 nearest to a number that float32 holds, as a number. */
export function roundToBfloat16(value: number): number {
  const float = new Float32Array([value])
  const bits = new Uint32Array(float.buffer)
  const [word = 0] = bits
  bits[0] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000
  return float[0] ?? Number.NaN
}

/** Widens little-endian bfloat16 bytes: the upper half of a float32. */
export function widenBfloat16(bytes: Uint8Array, output: Float32Array): void {
  const source = asUint16(bytes)
  const bits = new Uint32Array(output.buffer, output.byteOffset, output.length)
  for (let index = 0; index < bits.length; index++) bits[index] = (source[index] as number) << 16
}

/** Narrows to float16 bits. Throws RangeError naming the first value beyond the float16 range by what `elementOf` says of its index. */
export function narrowFloat16(
  values: Float32Array,
  elementOf: (index: number) => number = (index) => index,
): Uint16Array<ArrayBuffer> {
  const output = new Uint16Array(values.length)
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let index = 0; index < bits.length; index++) {
    const narrow = float16BitsOf(bits[index] as number)
    if ((narrow & 0x7c00) === 0x7c00)
      throw new RangeError(
        `element ${elementOf(index)} is ${values[index]}, beyond the float16 range of ±${float16Maximum}`,
      )
    output[index] = narrow
  }
  return output
}

/** A two-byte view; copies when the bytes are not aligned. Every machine Hearth runs on is little endian, as are the files. */
function asUint16(bytes: Uint8Array): Uint16Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : new Uint8Array(bytes)
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 1)
}
