// Decode attention for GPUs: a workgroup serves up to 8 query heads of one KV head. Scores: 8 lanes read one key together, 128 bytes at a time, and
// the lanes' parts meet in workgroup memory. Values: a lane per four elements, teams of lanes take turns through the rows.
import { type AttentionCode, slopeOf, withSlope } from './attention.ts'
import type { AttentionDecodeOptions } from './attentionDecode.ts'

const threads = 256
const lanesPerKey = 8
const membersPerHead = 32

export function decodeByWorkgroup(options: AttentionDecodeOptions, headsPerGroup: number): AttentionCode {
  const { headSize, split } = options
  const heads = Array.from({ length: headsPerGroup }, (_, head) => head)
  const keysPerLane = keysPerLaneFor(headsPerGroup)
  const slots = threads / lanesPerKey
  const batch = slots * keysPerLane
  const tile = tileFor(headsPerGroup)
  const lanes = headSize / 4
  const teams = Math.floor(threads / lanes)
  const score = withSlope(options, 'score', 'slope', 'cache_position(tile + key, length)', 'length - 1u')
  const perHead = (line: (head: number) => string, indent = '') => heads.map((h) => indent + line(h)).join('\n')
  return {
    threads,
    declarations: `
const TILE = ${tile}u;
const BATCH = ${batch}u;
const LANES = ${lanes}u;
const TEAMS = ${teams}u;
var<workgroup> queries : array<vec4<f32>, ${headsPerGroup * lanes}>;
var<workgroup> scratch : array<f32, ${scratchFloats(headsPerGroup)}>;
var<workgroup> scores : array<f32, ${headsPerGroup * tile}>;
var<workgroup> rescale : array<f32, ${headsPerGroup}>;
var<workgroup> best_of : array<f32, ${headsPerGroup}>;
var<workgroup> total_of : array<f32, ${headsPerGroup}>;`,
    body: `
for (var v = local_index; v < HEADS_PER_GROUP * VECTORS; v += ${threads}u) {
  queries[v] = query[first_head * VECTORS + v] * SCALE;
}
let lane = local_index % ${lanesPerKey}u;
let slot = local_index / ${lanesPerKey}u;
let my_head = local_index / ${membersPerHead}u;
let member = local_index % ${membersPerHead}u;
let column = local_index % LANES;
let team = local_index / LANES;
${slopeOf(options, 'slope', 'first_head + min(local_index / BATCH, HEADS_PER_GROUP - 1u)')}
var best = LOWEST;
var total = 0.0;
${perHead((h) => `var sum${h} = vec4<f32>();`)}
workgroupBarrier();
for (var tile = begin; tile < end; tile += TILE) {
  let keys_here = min(TILE, end - tile);
  for (var batch = 0u; batch < keys_here; batch += BATCH) {
    for (var turn = 0u; turn < ${keysPerLane}u; turn += 1u) {
      let key = batch + turn * ${slots}u + slot;
${perHead((h) => `var dot${h} = 0.0;`, '      ')}
      if (key < keys_here) {
        let start = cache_offset(kv_head, tile + key) / 4u;
        for (var v = lane; v < VECTORS; v += ${lanesPerKey}u) {
          let part = vec4<f32>(keys[start + v]);
${perHead((h) => `dot${h} += dot(part, queries[${h}u * VECTORS + v]);`, '          ')}
        }
      }
${perHead((h) => `scratch[(${h}u * ${keysPerLane}u + turn) * ${threads}u + local_index] = dot${h};`, '      ')}
    }
    workgroupBarrier();
    if (local_index < HEADS_PER_GROUP * BATCH) {
      let key = batch + local_index % BATCH;
      var score = 0.0;
      let parts = local_index * ${lanesPerKey}u;
      for (var part = parts; part < parts + ${lanesPerKey}u; part += 1u) { score += scratch[part]; }
      if (key < keys_here) {
        let visible = attends(cache_position(tile + key, length), length - 1u);
        scores[local_index / BATCH * TILE + key] = select(LOWEST, ${score}, visible);
      }
    }
    workgroupBarrier();
  }
  var tile_best = LOWEST;
  if (my_head < HEADS_PER_GROUP) {
    for (var key = member; key < keys_here; key += ${membersPerHead}u) { tile_best = max(tile_best, scores[my_head * TILE + key]); }
    scratch[local_index] = tile_best;
  }
  workgroupBarrier();
  if (my_head < HEADS_PER_GROUP) {
    let others = local_index - member;
    for (var other = others; other < others + ${membersPerHead}u; other += 1u) { tile_best = max(tile_best, scratch[other]); }
    let new_best = max(best, tile_best);
    let shrink = exp(best - new_best);
    best = new_best;
    total *= shrink;
    for (var key = member; key < keys_here; key += ${membersPerHead}u) {
      let score = scores[my_head * TILE + key];
      let weight = select(0.0, exp(score - best), score > LOWEST);
      scores[my_head * TILE + key] = weight;
      total += weight;
    }
    if (member == 0u) { rescale[my_head] = shrink; }
  }
  workgroupBarrier();
${perHead((h) => `sum${h} *= rescale[${h}];`, '  ')}
  if (team < TEAMS) {
    for (var key = team; key < keys_here; key += TEAMS) {
      let value = vec4<f32>(values[cache_offset(kv_head, tile + key) / 4u + column]);
${perHead((h) => `sum${h} += scores[${h}u * TILE + key] * value;`, '      ')}
    }
  }
  workgroupBarrier();
}
if (my_head < HEADS_PER_GROUP) { scratch[local_index] = total; }
workgroupBarrier();
if (my_head < HEADS_PER_GROUP && member == 0u) {
  for (var other = local_index + 1u; other < local_index + ${membersPerHead}u; other += 1u) { total += scratch[other]; }
  best_of[my_head] = best;
  total_of[my_head] = total;
}
${heads.map((h) => joinTeams(h, split === null)).join('\n')}`,
  }
}

/** Bytes of workgroup memory for this many query heads. */
export function decodeWorkgroupBytes(headSize: number, headsPerGroup: number): number {
  return 4 * (headsPerGroup * (headSize + tileFor(headsPerGroup) + 3) + scratchFloats(headsPerGroup))
}

function scratchFloats(headsPerGroup: number): number {
  return threads * Math.max(4, headsPerGroup * keysPerLaneFor(headsPerGroup))
}

/** Keys of one lane between two barriers, so that a few heads keep as many loads in flight as many heads. */
function keysPerLaneFor(headsPerGroup: number): number {
  return headsPerGroup <= 2 ? 4 : headsPerGroup <= 4 ? 2 : 1
}

/** Keys of one step of the softmax. */
function tileFor(headsPerGroup: number): number {
  return headsPerGroup > 4 ? 128 : 256
}

/** Adds up the teams' sums of one head and writes them. */
function joinTeams(head: number, whole: boolean): string {
  const write = whole
    ? `out[(first_head + ${head}u) * LANES * 4u + local_index] = joined / total_of[${head}];`
    : `let start = (group_y * HEADS + first_head + ${head}u) * (LANES * 4u + 4u);
  partial[start + local_index] = joined;
  if (local_index < 4u) {
    let state = array<f32, 4>(best_of[${head}], total_of[${head}], 0.0, 0.0);
    partial[start + LANES * 4u + local_index] = state[local_index];
  }`
  return `
workgroupBarrier();
for (var c = 0u; c < 4u; c += 1u) { scratch[c * ${threads}u + local_index] = sum${head}[c]; }
workgroupBarrier();
if (local_index < LANES * 4u) {
  var joined = 0.0;
  let parts = local_index % 4u * ${threads}u + local_index / 4u;
  for (var i = parts; i < parts + TEAMS * LANES; i += LANES) { joined += scratch[i]; }
  ${write}
}`.trim()
}
