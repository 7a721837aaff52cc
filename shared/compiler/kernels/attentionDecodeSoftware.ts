// Decode attention for software adapters: a workgroup of a few invocations per head, each walking its own keys with plain loops; they meet once, at
// the end.
import type { AttentionDecodeCode, AttentionDecodeOptions } from './attentionDecode.ts'

const threads = 8

export function decodeByInvocation(options: AttentionDecodeOptions): AttentionDecodeCode {
  const { headSize, split } = options
  return {
    threads,
    declarations: `
const STATE = VECTORS + 1u;
var<workgroup> states : array<vec4<f32>, ${threads * (headSize / 4 + 1)}>;`,
    body: `
var scaled : array<vec4<f32>, VECTORS>;
var sum : array<vec4<f32>, VECTORS>;
for (var v = 0u; v < VECTORS; v += 1u) { scaled[v] = query[first_head * VECTORS + v] * SCALE; }
var best = LOWEST;
var total = 0.0;
for (var row = begin + local_index; row < end; row += ${threads}u) {
  if (!attends(cache_position(row, args.length), args.length - 1u)) { continue; }
  let start = cache_offset(kv_head, row) / 4u;
  var parts = vec4<f32>();
  for (var v = 0u; v < VECTORS; v += 1u) { parts += scaled[v] * keys[start + v]; }
  let score = dot(parts, vec4<f32>(1.0));
  if (score > best) {
    let shrink = exp(best - score);
    total *= shrink;
    for (var v = 0u; v < VECTORS; v += 1u) { sum[v] *= shrink; }
    best = score;
  }
  let weight = exp(score - best);
  total += weight;
  for (var v = 0u; v < VECTORS; v += 1u) { sum[v] += weight * values[start + v]; }
}
for (var v = 0u; v < VECTORS; v += 1u) { states[local_index * STATE + v] = sum[v]; }
states[local_index * STATE + VECTORS] = vec4<f32>(best, total, 0.0, 0.0);
workgroupBarrier();
var joined_best = LOWEST;
for (var other = 0u; other < ${threads}u; other += 1u) { joined_best = max(joined_best, states[other * STATE + VECTORS].x); }
var joined_total = 0.0;
for (var other = 0u; other < ${threads}u; other += 1u) {
  let state = states[other * STATE + VECTORS];
  joined_total += exp(state.x - joined_best) * state.y;
}
for (var v = local_index; v < VECTORS; v += ${threads}u) {
  var joined = vec4<f32>();
  for (var other = 0u; other < ${threads}u; other += 1u) {
    joined += exp(states[other * STATE + VECTORS].x - joined_best) * states[other * STATE + v];
  }
  ${split === null ? 'let start = first_head * VECTORS + v;' : 'let start = (group_y * HEADS + first_head) * STATE + v;'}
  for (var c = 0u; c < 4u; c += 1u) {
    ${split === null ? 'out[start * 4u + c] = joined[c] / joined_total;' : 'partial[start * 4u + c] = joined[c];'}
  }
}${
      split === null
        ? ''
        : `
if (local_index < 4u) {
  let state = array<f32, 4>(joined_best, joined_total, 0.0, 0.0);
  partial[((group_y * HEADS + first_head) * STATE + VECTORS) * 4u + local_index] = state[local_index];
}`
    }`,
  }
}
