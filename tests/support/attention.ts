// What the attention tests share: the device, the targets it can run, caches in the element type of a target, and error bounds.
import { type LibraryTarget, libraryTargets } from '../../shared/compiler/kernels/target.ts'
import { requestTestDevice } from './device.ts'

let device: Promise<GPUDevice | null> | undefined

/** One device for all tests of a file. Throws without an adapter: these tests are nothing without one. */
export async function testDevice(): Promise<GPUDevice> {
  device ??= requestTestDevice()
  const found = await device
  if (found === null) throw new Error('no WebGPU adapter')
  return found
}

/**
 * In a browser: all targets, or without `half` where the device lacks shader-f16; says so. In Node, where only the half tier runs (on a software Vulkan
 * that compiles slowly): `half` alone.
 */
export async function runnableTargets(): Promise<readonly LibraryTarget[]> {
  const half = (await testDevice()).features.has('shader-f16')
  if (typeof document === 'undefined') {
    if (!half) console.log('nothing run: this adapter has no shader-f16')
    return half ? ['half'] : []
  }
  if (!half) console.log('target half not run: this adapter has no shader-f16')
  return libraryTargets.filter((target) => half || target !== 'half')
}

/** The numbers a cache of this target can hold. */
export function roundToCache(values: Float32Array<ArrayBuffer>, target: LibraryTarget): Float32Array<ArrayBuffer> {
  return target === 'half' ? values.map((value) => unpackHalf(packHalf(value))) : values
}

/** The cache's bytes. */
export function packCache(values: Float32Array<ArrayBuffer>, target: LibraryTarget): Float32Array | Uint16Array {
  return target === 'half' ? Uint16Array.from(values, packHalf) : values
}

export function unpackCache(bytes: ArrayBuffer, target: LibraryTarget): Float32Array {
  return target === 'half' ? Float32Array.from(new Uint16Array(bytes), unpackHalf) : new Float32Array(bytes)
}

/** Round to nearest even. */
export function packHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const magnitude = Math.abs(value)
  if (magnitude >= 65_520) return sign | 0x7c00
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude || 2 ** -24)))
  const steps = magnitude / 2 ** (exponent - 10)
  const floor = Math.floor(steps)
  const rest = steps - floor
  const rounded = rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
  return sign | (rounded + (exponent + 14) * 1024)
}

export function unpackHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25)
}

/**
 * ALiBi's slopes for any number of heads (Press et al. 2021, arXiv:2108.12409): of the nearest power of two at or below, then every other one of twice as
 * many.
 */
export function alibiSlopes(heads: number): readonly number[] {
  const power = 2 ** Math.floor(Math.log2(heads))
  const series = (count: number) => Array.from({ length: count }, (_, index) => 2 ** ((-8 * (index + 1)) / count))
  return [...series(power), ...series(2 * power).filter((_, index) => index % 2 === 0)].slice(0, heads)
}

/** Largest |a - b|. */
export function maxDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} numbers against ${b.length}`)
  let worst = 0
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number))
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference
  }
  return worst
}
