// What a matrix-vector kernel does with its sums. An epilogue works on units: one row, or two rows that must meet (gate and up, the two halves of a
// rotated pair), so that whoever holds a unit can finish it alone.
import { cacheFunctions, cacheType, cacheValue } from './cache.ts'
import type { Binding } from './kernel.ts'
import { ropeFunction } from './rope.ts'
import type { LibraryTarget } from './target.ts'

export type MatvecEpilogue =
  | { readonly kind: 'store' }
  | { readonly kind: 'addResidual' }
  | { readonly kind: 'gatedSilu' }
  | {
      readonly kind: 'ropeAppend'
      readonly heads: number
      readonly kvHeads: number
      readonly headSize: number
      readonly ropeShift: number
    }

export interface EpilogueCode {
  /** Rows per unit. */
  readonly ways: 1 | 2
  readonly mathematics: string
  readonly bindings: readonly Binding[]
  readonly scalars: readonly string[]
  /** WGSL `unit_row(unit, way) -> u32` and `finish(unit, y0[, y1])`. */
  readonly declarations: string
}

export function epilogueCode(epilogue: MatvecEpilogue, rows: number, target: LibraryTarget): EpilogueCode {
  const out: Binding = { name: 'out', type: 'array<f32>', access: 'read_write' }
  switch (epilogue.kind) {
    case 'store':
    case 'addResidual': {
      const assign = epilogue.kind === 'store' ? '=' : '+='
      return {
        ways: 1,
        mathematics: `out[n] ${assign} y[n]`,
        bindings: [out],
        scalars: [],
        declarations: `
fn unit_row(unit : u32, way : u32) -> u32 { return unit; }
fn finish(unit : u32, y0 : f32) { out[unit] ${assign} y0; }`,
      }
    }
    case 'gatedSilu':
      if (rows % 2 !== 0) throw new Error(`gatedSilu: ${rows} rows, expected an even number`)
      return {
        ways: 2,
        mathematics: `out[i] = silu(y[i]) * y[i + ${rows / 2}]`,
        bindings: [out],
        scalars: [],
        declarations: `
fn unit_row(unit : u32, way : u32) -> u32 { return unit + way * ${rows / 2}u; }
fn finish(unit : u32, y0 : f32, y1 : f32) { out[unit] = y0 / (1.0 + exp(-max(y0, -80.0))) * y1; }`,
      }
    case 'ropeAppend':
      return ropeAppend(epilogue, rows, target)
    default:
      return epilogue satisfies never
  }
}

function ropeAppend(
  { heads, kvHeads, headSize, ropeShift }: Extract<MatvecEpilogue, { kind: 'ropeAppend' }>,
  rows: number,
  target: LibraryTarget,
): EpilogueCode {
  if (headSize % 2 !== 0 || rows !== (heads + 2 * kvHeads) * headSize) {
    throw new Error(`ropeAppend: ${rows} rows for ${heads} + 2 * ${kvHeads} heads of ${headSize}`)
  }
  const type = cacheType(target)
  return {
    ways: 2,
    mathematics: 'query = rope(y[q]), keys[row(position)] = rope(y[k]), values[row(position)] = y[v]',
    bindings: [
      { name: 'rope_table', type: 'array<vec2<f32>>', access: 'read' },
      { name: 'query', type: 'array<f32>', access: 'read_write' },
      { name: 'keys', type: `array<${type}>`, access: 'read_write' },
      { name: 'values', type: `array<${type}>`, access: 'read_write' },
    ],
    scalars: ['position', 'capacity', 'sink'],
    declarations: `
const heads = ${heads}u;
const kv_heads = ${kvHeads}u;
const head_size = ${headSize}u;
const half_size = ${headSize / 2}u;
${ropeFunction(headSize, ropeShift).trim()}
${cacheFunctions(headSize).trim()}
fn unit_row(unit : u32, way : u32) -> u32 {
  return unit / half_size * head_size + unit % half_size + way * half_size;
}
fn finish(unit : u32, y0 : f32, y1 : f32) {
  let head = unit / half_size;
  let pair = unit % half_size;
  if (head >= heads + kv_heads) {
    let at = cache_offset(head - heads - kv_heads, cache_row(args.position)) + pair;
    values[at] = ${cacheValue(target, 'y0')};
    values[at + half_size] = ${cacheValue(target, 'y1')};
    return;
  }
  let turn = rope(args.position, pair);
  let first = y0 * turn.x - y1 * turn.y;
  let second = y1 * turn.x + y0 * turn.y;
  if (head >= heads) {
    let at = cache_offset(head - heads, cache_row(args.position)) + pair;
    keys[at] = ${cacheValue(target, 'first')};
    keys[at + half_size] = ${cacheValue(target, 'second')};
    return;
  }
  query[head * head_size + pair] = first;
  query[head * head_size + pair + half_size] = second;
}`,
  }
}
