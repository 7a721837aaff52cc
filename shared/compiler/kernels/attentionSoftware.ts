// Attention of a few query rows over the cache for software adapters, decode and prefill alike: 8 invocations, three barriers per 128 keys. Scores: an
// invocation per key, for all rows at once. Sums: an invocation per four columns, for all rows at once. What a row needs besides stays in
// workgroup memory, a slot for each invocation. The score loop counts from a start unknown to the compiler: Mesa would unroll it, and compile for
// 8 seconds instead of 0.7.
import { type AttentionCode, type AttentionHeads, slopeOf, withSlope } from './attention.ts'

const threads = 8
const tile = 128

export interface QueryRows {
  /** Rows of a workgroup, at most 8. */
  readonly rows: number
  readonly headSize: number
  /** WGSL expressions of a row (itself an expression): index of its first vector in `query`, its query head, and its absolute position. */
  readonly start: (row: string) => string
  readonly head: (row: string) => string
  readonly position: (row: string) => string
  /** WGSL statements that store vector `v` of row `row`; in scope: sum, total. */
  readonly store: string
  /** WGSL statements that store what else there is of row `row`; in scope: best, total. */
  readonly storeState: string | null
}

/** In scope of the body: begin, end, kv_head, length. */
export function attendByInvocation(heads: AttentionHeads, query: QueryRows): AttentionCode {
  const { rows, headSize, start, head, position, store, storeState } = query
  const each = (line: (row: string) => string, indent: string) =>
    Array.from({ length: rows }, (_, row) => indent + line(`${row}`)).join('\n')
  return {
    threads,
    declarations: `
const ROWS = ${rows}u;
const TILE = ${tile}u;
const THREADS = ${threads}u;
var<workgroup> scores : array<f32, ${rows * tile}>;
var<workgroup> lane_bests : array<f32, ${rows * threads}>;
var<workgroup> lane_totals : array<f32, ${rows * threads}>;
var<workgroup> bests : array<f32, ${rows * threads}>;
var<workgroup> shrinks : array<f32, ${rows * threads}>;
var<workgroup> sums : array<vec4<f32>, ${(rows * headSize) / 4}>;`,
    body: `
for (var slot = local_index; slot < ROWS * THREADS; slot += THREADS) { bests[slot] = LOWEST; }
${each((r) => slopeOf(heads, `slope${r}`, head(`${r}u`)), '')}
for (var tile = begin; tile < end; tile += TILE) {
  let keys_here = min(TILE, end - tile);
${each((r) => `var best${r} = LOWEST;`, '  ')}
  for (var key = local_index; key < keys_here; key += THREADS) {
    let key_start = cache_offset(kv_head, tile + key) / 4u;
    let at = cache_position(tile + key, length);
${each((r) => `var dot${r} = 0.0;`, '    ')}
    for (var i = key_start; i < key_start + VECTORS; i += 1u) {
      let part = keys[i];
      let v = i - key_start;
${each((r) => `dot${r} += dot(part, query[${start(`${r}u`)} + v]);`, '      ')}
    }
${each((r) => `let score${r} = select(LOWEST, ${withSlope(heads, `dot${r} * SCALE`, `slope${r}`, 'at', position(`${r}u`))}, attends(at, ${position(`${r}u`)}));`, '    ')}
${each((r) => `best${r} = max(best${r}, score${r});`, '    ')}
${each((r) => `scores[${r}u * TILE + key] = score${r};`, '    ')}
  }
${each((r) => `lane_bests[${r}u * THREADS + local_index] = best${r};`, '  ')}
  workgroupBarrier();
  for (var row = 0u; row < ROWS; row += 1u) {
    let slot = row * THREADS + local_index;
    var best = bests[slot];
    for (var lane = 0u; lane < THREADS; lane += 1u) { best = max(best, lane_bests[row * THREADS + lane]); }
    let shrink = exp(bests[slot] - best);
    var total = lane_totals[slot] * shrink;
    for (var key = local_index; key < keys_here; key += THREADS) {
      let score = scores[row * TILE + key];
      let weight = select(0.0, exp(score - best), score > LOWEST);
      scores[row * TILE + key] = weight;
      total += weight;
    }
    lane_totals[slot] = total;
    bests[slot] = best;
    shrinks[slot] = shrink;
  }
  workgroupBarrier();
  for (var v = local_index; v < VECTORS; v += THREADS) {
${each((r) => `var sum${r} = vec4<f32>();`, '    ')}
    for (var key = 0u; key < keys_here; key += 1u) {
      let value = values[cache_offset(kv_head, tile + key) / 4u + v];
${each((r) => `sum${r} += scores[${r}u * TILE + key] * value;`, '      ')}
    }
${each((r) => `sums[${r}u * VECTORS + v] = sums[${r}u * VECTORS + v] * shrinks[${r}u * THREADS + local_index] + sum${r};`, '    ')}
  }
  workgroupBarrier();
}
for (var row = 0u; row < ROWS; row += 1u) {
  var total = 0.0;
  for (var lane = 0u; lane < THREADS; lane += 1u) { total += lane_totals[row * THREADS + lane]; }
  for (var v = local_index; v < VECTORS; v += THREADS) {
    let sum = sums[row * VECTORS + v];
    ${store}
  }${
    storeState === null
      ? ''
      : `
  if (local_index == 0u) {
    let best = bests[row * THREADS];
    ${storeState}
  }`
  }
}`,
  }
}
