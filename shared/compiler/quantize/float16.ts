// Rounding to float16 as a value, fast enough to run for every weight.

const scratchFloat = new Float32Array(1)
const scratchBits = new Uint32Array(scratchFloat.buffer)
const half = 6_755_399_441_055_744 // 1.5 * 2^52: adding it rounds a small double to a whole number, ties to even

/** The nearest float16 (ties to even) of a float32 value; infinity from 65520 on. NaN stays NaN. */
export function roundToFloat16(value: number): number {
  scratchFloat[0] = value
  const bits = scratchBits[0] as number
  const magnitude = bits & 0x7fff_ffff
  if (magnitude < 0x3880_0000) return (value * 2 ** 24 + half - half) * 2 ** -24 // below 2^-14: a multiple of 2^-24
  if (magnitude > 0x7f80_0000) return NaN
  const rounded = (magnitude + 0x0fff + ((magnitude >>> 13) & 1)) & 0xffff_e000
  if (rounded >>> 0 >= 0x4780_0000) return value < 0 ? -Infinity : Infinity
  scratchBits[0] = (bits & 0x8000_0000) | rounded
  return scratchFloat[0]
}

/** Rounds to the scale type. */
export function roundScale(value: number, scaleType: 'float16' | 'float32'): number {
  return scaleType === 'float16' ? roundToFloat16(value) : Math.fround(value)
}
