import { expect, test } from 'vitest'
import {
  float16Bits,
  float16Value,
  narrowFloat16,
  widenBfloat16,
  widenFloat16,
} from '../../../shared/compiler/checkpoint/float16.ts'
import { randomSource } from '../../support/random.ts'

/** The engine's own float16 (ES2025) as the independent oracle. */
function oracleBits(value: number): number {
  const view = new DataView(new ArrayBuffer(2)) as DataView & { setFloat16(at: number, value: number): void }
  view.setFloat16(0, value)
  return view.getUint16(0)
}

test('every float16 widens to the value the engine gives it and narrows back to itself', () => {
  const bits = Uint16Array.from({ length: 65_536 }, (_, index) => index)
  const widened = new Float32Array(65_536)
  widenFloat16(new Uint8Array(bits.buffer), widened)
  const view = new DataView(new ArrayBuffer(2)) as DataView & { getFloat16(at: number): number }
  const mismatches = [...bits].filter((bit) => {
    view.setUint16(0, bit)
    const expected = view.getFloat16(0)
    return !Object.is(widened[bit], expected) || !Object.is(float16Value(bit), expected)
  })
  expect(mismatches).toEqual([])
  const isNumber = (bit: number) => !Number.isNaN(widened[bit])
  expect([...bits].filter((bit) => isNumber(bit) && float16Bits(widened[bit] as number) !== bit)).toEqual([])
})

test('narrowing rounds to nearest, ties to even, on random bit patterns and around every rounding tie', () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  console.log(`float16 narrowing: seed ${seed}`)
  const next = randomSource(seed)
  const pattern = new Float32Array(1)
  const patternBits = new Uint32Array(pattern.buffer)
  const mismatches: number[] = []
  const check = (value: number) => {
    if (!Number.isNaN(value) && float16Bits(value) !== oracleBits(value)) mismatches.push(value)
  }
  for (let index = 0; index < 300_000; index++) {
    patternBits[0] = Math.floor(next() * 2 ** 32)
    check(pattern[0] as number)
  }
  for (let bits = 0; bits < 0x7c00; bits++) {
    pattern[0] = (float16Value(bits) + (bits === 0x7bff ? 65_536 : float16Value(bits + 1))) / 2
    const tie = patternBits[0] as number
    for (const neighbour of [tie - 1, tie, tie + 1]) {
      patternBits[0] = neighbour
      check(pattern[0] as number)
      check(-(pattern[0] as number))
    }
  }
  expect(mismatches).toEqual([])
})

test('a bfloat16 is the upper half of a float32', () => {
  const widened = new Float32Array(4)
  widenBfloat16(new Uint8Array(Uint16Array.of(0x3f80, 0xc000, 0x0001, 0x8000).buffer), widened)
  expect([...widened]).toEqual([1, -2, 2 ** -133, -0])
})

test('narrowing an array refuses what float16 cannot hold and names the element', () => {
  expect([...narrowFloat16(Float32Array.of(1, -0, 65_504, 65_519))]).toEqual([0x3c00, 0x8000, 0x7bff, 0x7bff])
  expect(() => narrowFloat16(Float32Array.of(1, 65_520))).toThrow('element 1 is 65520')
  expect(() => narrowFloat16(Float32Array.of(NaN))).toThrow('element 0 is NaN')
})

test('odd byte offsets are read all the same', () => {
  const bytes = new Uint8Array(5)
  bytes.set([0x00, 0x3c, 0x00, 0xc0], 1)
  const widened = new Float32Array(2)
  widenFloat16(bytes.subarray(1), widened)
  expect([...widened]).toEqual([1, -2])
})
