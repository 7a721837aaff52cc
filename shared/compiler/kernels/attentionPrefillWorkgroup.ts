// Prefill attention for GPUs: 32 queries times 32 keys per step, 256 invocations, under 16 KiB of workgroup memory for every head size because queries,
// keys and values pass through it 32 columns at a time. Loops count from starts unknown to the compiler, or Mesa unrolls them all and compiles for minutes
// on a software adapter.
import { type AttentionCode, slopeOf, withSlope } from './attention.ts'
import type { AttentionPrefillOptions } from './attentionPrefill.ts'

const threads = 256
const keysPerTile = 32
/** Four-element vectors per step through the head. */
const stepVectors = 8

export function prefillByWorkgroup(options: AttentionPrefillOptions, queries: number): AttentionCode {
  const steps = Math.ceil(options.headSize / 4 / stepVectors)
  // Invocation i owns row i / 8 of the tile: keys 4 * (i % 8) + 0..3 of its softmax, and of its sums vector i % 8 of every step.
  const perStep = (line: (step: number) => string) => Array.from({ length: steps }, (_, step) => line(step)).join('\n')
  const score = withSlope(
    options,
    'weights[row * (KEYS + 1u) + key]',
    'slope',
    'cache_position(tile + key, length)',
    'args.position + token',
  )
  const pitch = stepVectors + 1
  return {
    threads,
    declarations: `
const KEYS = ${keysPerTile}u;
const STEP = ${stepVectors}u;
const PITCH = ${pitch}u;
var<workgroup> query_tile : array<vec4<f32>, ${queries * pitch}>;
var<workgroup> key_tile : array<vec4<f32>, ${keysPerTile * pitch}>;
var<workgroup> weights : array<f32, ${queries * (keysPerTile + 1)}>;
var<workgroup> bests : array<f32, ${threads}>;`,
    body: `
let row = local_index / STEP;
let lane = local_index % STEP;
let token = first_token + row;
let score_row = local_index / 16u;
let score_key = local_index % 16u;
let score_query = score_row * PITCH;
let to_key = score_key * PITCH - score_query;
let head_start = head * VECTORS;
${slopeOf(options, 'slope', 'head')}
var best = LOWEST;
var total = 0.0;
${perStep((step) => `var sum${step} = vec4<f32>();`)}
for (var tile = begin; tile < end; tile += KEYS) {
  let tile_row = tile + row;
  let tile_start = cache_offset(kv_head, tile_row) / 4u;
  var score00 = 0.0;
  var score01 = 0.0;
  var score10 = 0.0;
  var score11 = 0.0;
  for (var at = head_start; at < head_start + VECTORS; at += STEP) {
    let v = at - head_start + lane;
    var query_part = vec4<f32>();
    var key_part = vec4<f32>();
    if (v < VECTORS && token < args.tokens) { query_part = query[token * HEADS * VECTORS + at + lane] * SCALE; }
    if (v < VECTORS && tile_row < end) { key_part = vec4<f32>(keys[tile_start + v]); }
    query_tile[row * PITCH + lane] = query_part;
    key_tile[row * PITCH + lane] = key_part;
    workgroupBarrier();
    for (var i = score_query; i < score_query + STEP; i += 1u) {
      let query0 = query_tile[i];
      let query1 = query_tile[i + 16u * PITCH];
      let key0 = key_tile[i + to_key];
      let key1 = key_tile[i + to_key + 16u * PITCH];
      score00 += dot(query0, key0);
      score01 += dot(query0, key1);
      score10 += dot(query1, key0);
      score11 += dot(query1, key1);
    }
    workgroupBarrier();
  }
  weights[score_row * (KEYS + 1u) + score_key] = score00;
  weights[score_row * (KEYS + 1u) + score_key + 16u] = score01;
  weights[(score_row + 16u) * (KEYS + 1u) + score_key] = score10;
  weights[(score_row + 16u) * (KEYS + 1u) + score_key + 16u] = score11;
  workgroupBarrier();
  var scores = vec4<f32>(LOWEST);
  for (var c = 0u; c < 4u; c += 1u) {
    let key = lane * 4u + c;
    if (tile + key < end && attends(cache_position(tile + key, length), args.position + token)) {
      scores[c] = ${score};
    }
  }
  bests[local_index] = max(max(scores.x, scores.y), max(scores.z, scores.w));
  workgroupBarrier();
  var new_best = best;
  for (var other = row * STEP; other < (row + 1u) * STEP; other += 1u) { new_best = max(new_best, bests[other]); }
  let shrink = exp(best - new_best);
  best = new_best;
  let kept = select(vec4<f32>(), exp(scores - best), scores > vec4<f32>(LOWEST));
  total = total * shrink + dot(kept, vec4<f32>(1.0));
  for (var c = 0u; c < 4u; c += 1u) { weights[row * (KEYS + 1u) + lane * 4u + c] = kept[c]; }
${perStep((step) => addValues(step, stepVectors))}
  workgroupBarrier();
}
bests[local_index] = total;
workgroupBarrier();
var row_total = 0.0;
for (var other = row * STEP; other < (row + 1u) * STEP; other += 1u) { row_total += bests[other]; }
if (token < args.tokens) {
${perStep((step) => `  if (${step * stepVectors}u + lane < VECTORS) { out[(token * HEADS + head) * VECTORS + ${step * stepVectors}u + lane] = sum${step} / row_total; }`)}
}`,
  }
}

/** One step through the columns of the values: sum[row] = sum[row] * shrink + weights[row] . values. */
function addValues(step: number, vectors: number): string {
  return `  {
    var part = vec4<f32>();
    if (${step * vectors}u + lane < VECTORS && tile_row < end) { part = vec4<f32>(values[tile_start + ${step * vectors}u + lane]); }
    ${step === 0 ? '' : 'workgroupBarrier();\n    '}key_tile[row * PITCH + lane] = part;
    workgroupBarrier();
    var added = vec4<f32>();
    var from_key = lane;
    for (var i = row * (KEYS + 1u); i < row * (KEYS + 1u) + KEYS; i += 4u) {
      added += weights[i] * key_tile[from_key];
      added += weights[i + 1u] * key_tile[from_key + PITCH];
      added += weights[i + 2u] * key_tile[from_key + 2u * PITCH];
      added += weights[i + 3u] * key_tile[from_key + 3u * PITCH];
      from_key += 4u * PITCH;
    }
    sum${step} = sum${step} * shrink + added;
  }`
}
