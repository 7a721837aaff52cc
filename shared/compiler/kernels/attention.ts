// What the attention kernels share: the shape of the heads, and which keys a query sees.
import { cacheFunctions, cacheType } from './cache.ts'
import type { Binding } from './kernel.ts'
import type { LibraryTarget } from './target.ts'

export interface AttentionHeads {
  readonly target: LibraryTarget
  readonly heads: number
  /** Divides heads; query head h reads KV head floor(h * kvHeads / heads). */
  readonly kvHeads: number
  /** A multiple of 4, from 4 to 256. */
  readonly headSize: number
}

/** Throws on heads no attention kernel can serve. */
export function checkHeads(name: string, { heads, kvHeads, headSize }: Omit<AttentionHeads, 'target'>): void {
  const positive = [heads, kvHeads, headSize].every((value) => Number.isInteger(value) && value > 0)
  if (!positive || heads % kvHeads !== 0 || headSize % 4 !== 0 || headSize > 256) {
    throw new Error(
      `${name}: ${heads} heads, ${kvHeads} KV heads, head size ${headSize}; expected KV heads that divide the heads and a head size that is a multiple of 4 up to 256`,
    )
  }
}

/** The caches as four-element vectors: row offsets are multiples of 4. */
export function cacheBindings(target: LibraryTarget): readonly [keys: Binding, values: Binding] {
  const type = `array<vec4<${cacheType(target)}>>`
  return [
    { name: 'keys', type, access: 'read' },
    { name: 'values', type, access: 'read' },
  ]
}

/**
 * WGSL shared by the attention kernels, beside cacheFunctions; the kernel must have the scalars `capacity`, `window` and `sink`.
 * - `attends(key, query)`: whether the query at one absolute position sees the key at another: not later, and in the sink or in the window, which
 *   counts the sink and the query's own position.
 * - LOWEST stands for minus infinity: finite, so that no difference of two scores is a NaN.
 */
export function attentionFunctions({ heads, kvHeads, headSize }: Omit<AttentionHeads, 'target'>): string {
  return `
const HEADS = ${heads}u;
const HEADS_PER_KV = ${heads / kvHeads}u;
const VECTORS = ${headSize / 4}u;
const SCALE = ${Math.fround(1 / Math.sqrt(headSize))};
const LOWEST = -3.0e38;
${cacheFunctions(headSize).trim()}
fn attends(key : u32, query : u32) -> bool {
  return key <= query && (key < args.sink || query - key < args.window - args.sink);
}`
}

/** The part of an attention kernel that differs between adapters. */
export interface AttentionCode {
  readonly threads: number
  readonly declarations: string
  readonly body: string
}
