// Where keys and values live. One buffer for the keys and one for the values of each layer: [kvHeads, capacity, headSize]. Positions beyond the
// capacity wrap around behind the attention sink (a ring), so a sliding window needs no copying.
import type { LibraryTarget } from './target.ts'

/** WGSL element type of the cache. */
export function cacheType(target: LibraryTarget): 'f16' | 'f32' {
  return target === 'half' ? 'f16' : 'f32'
}

/** WGSL of a float32 expression as it is stored: float16 has no room beyond 65504, and an infinity among the keys would poison every later token. */
export function cacheValue(target: LibraryTarget, expression: string): string {
  return target === 'half' ? `f16(clamp(${expression}, -65504.0, 65504.0))` : `f32(${expression})`
}

export function cacheBytesPerElement(target: LibraryTarget): 2 | 4 {
  return target === 'half' ? 2 : 4
}

/**
 * WGSL functions; the kernel must have the scalars `capacity` and `sink`.
 * - `cache_row(position)`: the row that holds an absolute position.
 * - `cache_position(row, length)`: the newest absolute position below `length` that the row holds (rows below min(length, capacity) only).
 * - `cache_offset(head, row)`: index of the first element of a row of one KV head, in elements.
 */
export function cacheFunctions(headSize: number): string {
  return `
fn cache_row(position : u32) -> u32 {
  if (position < args.capacity) { return position; }
  return args.sink + (position - args.sink) % (args.capacity - args.sink);
}
fn cache_position(row : u32, length : u32) -> u32 {
  if (length <= args.capacity || row < args.sink) { return row; }
  let ring = args.capacity - args.sink;
  return row + (length - 1u - row) / ring * ring;
}
fn cache_offset(head : u32, row : u32) -> u32 {
  return (head * args.capacity + row) * ${headSize}u;
}
`
}
