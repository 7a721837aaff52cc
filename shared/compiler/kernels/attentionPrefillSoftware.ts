// Prefill attention for software adapters: one invocation per query, no barriers; the invocations of a workgroup walk the same keys together.
import type { AttentionPrefillCode } from './attentionPrefill.ts'

export function prefillByInvocation(queries: number): AttentionPrefillCode {
  return {
    threads: queries,
    declarations: '',
    body: `
let token = first_token + local_index;
if (token >= args.tokens) { return; }
let position = args.position + token;
var scaled : array<vec4<f32>, VECTORS>;
var sum : array<vec4<f32>, VECTORS>;
for (var v = 0u; v < VECTORS; v += 1u) { scaled[v] = query[(token * HEADS + head) * VECTORS + v] * SCALE; }
var best = LOWEST;
var total = 0.0;
for (var row = 0u; row < end; row += 1u) {
  let start = cache_offset(kv_head, row) / 4u;
  var parts = vec4<f32>();
  for (var v = 0u; v < VECTORS; v += 1u) { parts += scaled[v] * keys[start + v]; }
  if (!attends(cache_position(row, length), position)) { continue; }
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
for (var v = 0u; v < VECTORS; v += 1u) { out[(token * HEADS + head) * VECTORS + v] = sum[v] / total; }`,
  }
}
