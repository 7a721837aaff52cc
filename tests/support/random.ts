// Seeded numbers for tests. Seeds are printed by whoever draws one.

/** mulberry32: uniform in [0, 1). */
export function randomSource(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Roughly normal values (sum of four uniforms), scaled. */
export function randomFloats(length: number, next: () => number, scale = 1): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, () => Math.fround((next() + next() + next() + next() - 2) * 1.7 * scale))
}
