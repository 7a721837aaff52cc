// What the attention kernels share: the shape of the heads, and which keys a query sees.
import { cacheFunctions, cacheType } from './cache.ts'
import { type Binding, wgslFloat } from './kernel.ts'
import type { LibraryTarget } from './target.ts'

export interface HeadShape {
  readonly target: LibraryTarget
  readonly heads: number
  /** Divides heads; query head h reads KV head floor(h * kvHeads / heads). */
  readonly kvHeads: number
  /** A multiple of 4, from 4 to 256. */
  readonly headSize: number
}

export interface AttentionHeads extends HeadShape {
  /** Of query . key. */
  readonly scale: number
  /** Per head: slope * (key position - query position) is added to the scaled score (ALiBi, Press et al. 2021, arXiv:2108.12409). */
  readonly alibiSlopes: readonly number[] | null
  /** AttentionSpec says what is rounded; none unless given. */
  readonly alibiRounding?: 'none' | 'bfloat16'
}

/** Throws on heads no attention kernel can serve. */
export function checkHeads(name: string, { heads, kvHeads, headSize }: Omit<HeadShape, 'target'>): void {
  const positive = [heads, kvHeads, headSize].every((value) => Number.isInteger(value) && value > 0)
  if (!positive || heads % kvHeads !== 0 || headSize % 4 !== 0 || headSize > 256) {
    throw new Error(
      `${name}: ${heads} heads, ${kvHeads} KV heads, head size ${headSize}; expected KV heads that divide the heads and a head size that is a multiple of 4 up to 256`,
    )
  }
}

/** Throws on heads, scales and slopes no attention kernel can serve. */
export function checkAttention(name: string, options: Omit<AttentionHeads, 'target'>): void {
  checkHeads(name, options)
  const { heads, scale, alibiSlopes } = options
  if (!Number.isFinite(scale)) throw new Error(`${name}: scale ${scale}, expected a finite number`)
  if (alibiSlopes !== null && (alibiSlopes.length !== heads || !alibiSlopes.every(Number.isFinite))) {
    throw new Error(`${name}: ${alibiSlopes.length} ALiBi slopes for ${heads} heads, or one that is no number`)
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
 *   With `prefix` also the keys below prefix[0], whatever the query, full attention assumed; the kernel must bind `prefix : array<u32>`, read.
 * - LOWEST stands for minus infinity: finite, so that no difference of two scores is a NaN.
 */
export function attentionFunctions(options: Omit<AttentionHeads, 'target'>, { prefix = false } = {}): string {
  const { heads, kvHeads, headSize, scale, alibiSlopes } = options
  const slopes = alibiSlopes?.map((slope) => wgslFloat(Math.fround(slope))).join(', ')
  const alibi =
    slopes === undefined
      ? ''
      : `const SLOPES = array<f32, ${heads}>(${slopes});\n${isRounded(options) ? `${bfloat16}\n` : ''}`
  return `
const HEADS = ${heads}u;
const HEADS_PER_KV = ${heads / kvHeads}u;
const VECTORS = ${headSize / 4}u;
const SCALE = ${wgslFloat(Math.fround(scale))};
const LOWEST = -3.0e38;
${alibi}${cacheFunctions(headSize).trim()}
fn attends(key : u32, query : u32) -> bool {
  return ${prefix ? 'key < prefix[0] || (' : ''}key <= query && (key < args.sink || query - key < args.window - args.sink)${prefix ? ')' : ''};
}`
}

/** A score in a line of mathematics: of query `query`, head h, and key j. */
export function scoreMathematics(options: AttentionHeads, query: string): string {
  if (isRounded(options)) return `scale * (${query} . keys[j] + bfloat16(slopes[h] * bfloat16(position of j)))`
  const bias = options.alibiSlopes === null ? '' : ' + slopes[h] * (position of j - position of the query)'
  return `scale * ${query} . keys[j]${bias}`
}

/** WGSL statement that looks up a head's slope once, ahead of the walk through the keys; '' without ALiBi. */
export function slopeOf({ alibiSlopes }: AttentionHeads, name: string, head: string): string {
  return alibiSlopes === null ? '' : `let ${name} = SLOPES[${head}];`
}

/** WGSL of a scaled score with what its key's distance takes from it: positions are u32, the key's at most the query's wherever it is seen. */
export function withSlope(options: AttentionHeads, score: string, slope: string, key: string, query: string): string {
  if (isRounded(options)) return `${score} + SCALE * bfloat16(${slope} * bfloat16(f32(${key})))`
  return options.alibiSlopes === null ? score : `${score} - ${slope} * f32(${query} - ${key})`
}

function isRounded({ alibiSlopes, alibiRounding }: Pick<AttentionHeads, 'alibiSlopes' | 'alibiRounding'>): boolean {
  return alibiSlopes !== null && alibiRounding === 'bfloat16'
}

// To the nearest, halves to the even one.
const bfloat16 = `
fn bfloat16(value : f32) -> f32 {
  let bits = bitcast<u32>(value);
  return bitcast<f32>((bits + 0x7fffu + ((bits >> 16u) & 1u)) & 0xffff0000u);
}`.trim()

/** The part of an attention kernel that differs between adapters. */
export interface AttentionCode {
  readonly threads: number
  readonly declarations: string
  readonly body: string
}
