// What becomes of a query, key or value once it is computed: clamped, turned by its position, and put where attention reads it. Elements go two by two,
// because the two of a rotated pair must meet.
import type { RopeSpec } from '../architectures/spec.ts'
import { checkHeads, type HeadShape } from './attention.ts'
import { cacheFunctions, cacheType, cacheValue } from './cache.ts'
import { type Binding, wgslFloat } from './kernel.ts'
import { ropeFunction } from './rope.ts'

/** `shift` is the rope table's; null: the table has a row for each token of the pass, [tokens, planes, size / 2] (prefix.ts). */
export type Rotation = Pick<RopeSpec, 'size' | 'pairing' | 'planes'> & { readonly shift: number | null }

export interface AppendShape extends HeadShape {
  readonly rope: Rotation | null
  /** Queries, keys and values are clamped to -clip..clip first. */
  readonly clip: number | null
}

/** Throws on heads, rotations and clips that cannot be. */
export function checkAppend(name: string, shape: AppendShape): void {
  checkHeads(name, shape)
  const { rope, clip, headSize } = shape
  if (rope !== null && !(Number.isInteger(rope.size / 2) && rope.size >= 2 && turnedElements(rope) <= headSize)) {
    throw new Error(
      `${name}: rotation of ${turnedElements(rope)} elements, expected an even number up to the head size ${headSize}`,
    )
  }
  if (clip !== null && !(clip > 0 && Number.isFinite(clip))) {
    throw new Error(`${name}: clip ${clip}, expected a positive number`)
  }
}

/** In all planes. */
function turnedElements({ size, planes }: Rotation): number {
  return (planes ?? 1) * size
}

/** rope_table with a rotation; query [tokens, heads * headSize], keys, values (cache). */
export function appendBindings({ target, rope }: AppendShape): readonly Binding[] {
  const type = `array<${cacheType(target)}>`
  return [
    ...(rope === null ? [] : [{ name: 'rope_table', type: 'array<vec2<f32>>', access: 'read' } as const]),
    { name: 'query', type: 'array<f32>', access: 'read_write' },
    { name: 'keys', type, access: 'read_write' },
    { name: 'values', type, access: 'read_write' },
  ]
}

/**
 * WGSL; the kernel must have the scalars `capacity` and `sink`.
 * - `pair_element(pair, way) -> u32`: the element of a head that is first (way 0) or second (way 1) of a pair, of which a head has PAIRS.
 * - `append_pair(token, position, head, pair, a, b)`: puts the elements a, b of a pair in their place; heads count queries, then keys, then values.
 */
export function appendFunctions({ target, heads, kvHeads, headSize, rope, clip }: AppendShape): string {
  const bounded = (y: string) =>
    clip === null ? y : `clamp(${y}, ${wgslFloat(-Math.fround(clip))}, ${wgslFloat(Math.fround(clip))})`
  return `
const HEADS = ${heads}u;
const KV_HEADS = ${kvHeads}u;
const HEAD_SIZE = ${headSize}u;
const PAIRS = ${headSize / 2}u;
${rope === null || rope.shift === null ? '' : `${ropeFunction(rope.size, rope.shift).trim()}\n`}${cacheFunctions(headSize).trim()}
fn pair_element(pair : u32, way : u32) -> u32 { return ${pairElement(headSize, rope)}; }
fn append_pair(token : u32, position : u32, head : u32, pair : u32, a : f32, b : f32) {
  let first = pair_element(pair, 0u);
  let second = pair_element(pair, 1u);
  var y = vec2<f32>(${bounded('a')}, ${bounded('b')});
  if (head >= HEADS + KV_HEADS) {
    let at = cache_offset(head - HEADS - KV_HEADS, cache_row(position));
    values[at + first] = ${cacheValue(target, 'y.x')};
    values[at + second] = ${cacheValue(target, 'y.y')};
    return;
  }
${rope === null ? '' : `${turn(headSize, rope)}\n`}  if (head >= HEADS) {
    let at = cache_offset(head - HEADS, cache_row(position));
    keys[at + first] = ${cacheValue(target, 'y.x')};
    keys[at + second] = ${cacheValue(target, 'y.y')};
    return;
  }
  let at = (token * HEADS + head) * HEAD_SIZE;
  query[at + first] = y.x;
  query[at + second] = y.y;
}`.trim()
}

/** Rotated pairs come first, plane by plane; elements that do not turn are paired with their neighbours. */
function pairElement(headSize: number, rope: Rotation | null): string {
  if (rope === null || rope.pairing === 'neighbours') return '2u * pair + way'
  const pairs = rope.size / 2
  const inPlane = `pair + way * ${pairs}u`
  const halves = rope.planes === undefined ? inPlane : `pair / ${pairs}u * ${pairs}u + ${inPlane}`
  const turned = turnedElements(rope)
  return turned === headSize ? halves : `select(2u * pair + way, ${halves}, pair < ${turned / 2}u)`
}

function turn(headSize: number, rope: Rotation): string {
  const turned = turnedElements(rope)
  const found = rope.shift === null ? `rope_table[token * ${turned / 2}u + pair]` : 'rope(position, pair)'
  const lines = (indent: string) => `${indent}let turn = ${found};
${indent}y = vec2<f32>(y.x * turn.x - y.y * turn.y, y.y * turn.x + y.x * turn.y);`
  return turned === headSize ? lines('  ') : `  if (pair < ${turned / 2}u) {\n${lines('    ')}\n  }`
}
