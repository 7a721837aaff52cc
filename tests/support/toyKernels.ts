// The kernels of the toy model: a token's id is the first float of its hidden state, everything else is a count or a table look-up.
import { assembleKernel, type Kernel, type KernelParts } from '../../shared/compiler/kernels/kernel.ts'

export const toyVocabulary = 64
/** Floats per token of the hidden state; the first is the token. */
export const hidden = 4

function toyKernel(
  name: string,
  mathematics: string,
  bindings: readonly string[],
  scalars: readonly string[],
  invocations: number,
  body: string,
): Kernel {
  const parts: KernelParts = {
    name,
    mathematics,
    bindings: bindings.map((text) => {
      const [binding = '', type = ''] = text.replace('*', '').split(':')
      return { name: binding, type: `array<${type}>`, access: text.startsWith('*') ? 'read_write' : 'read' }
    }),
    scalars,
    workgroupSize: [invocations],
    declarations: `const hidden = ${hidden}u;\nconst vocabulary = ${toyVocabulary}u;`,
    body,
  }
  return assembleKernel(parts)
}

const row = 'let t = group_x * 64u + local.x;'
export const toyKernels = {
  embed: toyKernel(
    'toy_embed',
    'x[t, 0] = ids[t]',
    ['ids:i32', '*x:f32'],
    ['count'],
    64,
    `${row}\nif (t < args.count) { x[t * hidden] = f32(ids[t]); }`,
  ),
  append: toyKernel(
    'toy_append',
    'cache[(position + t) mod capacity] = x[t, 0]',
    ['x:f32', '*cache:f32'],
    ['tokens', 'position', 'capacity'],
    64,
    `${row}\nif (t < args.tokens) { cache[(args.position + t) % args.capacity] = x[t * hidden]; }`,
  ),
  logits: toyKernel(
    'toy_logits',
    'logits[v] = table[last, v] + bonus * count(cache = v)',
    ['x:f32', 'cache:f32', 'table:f32', 'bonus:f32', '*logits:f32'],
    ['tokens', 'occupied'],
    64,
    `let v = local.x;
let last = u32(x[(args.tokens - 1u) * hidden]);
var seen = 0.0;
for (var row = 0u; row < args.occupied; row++) { if (u32(cache[row]) == v) { seen += 1.0; } }
logits[v] = table[last * vocabulary + v] + bonus[0] * seen;`,
  ),
  count: toyKernel(
    'toy_count',
    'counts[v] = (position = 0 ? 0 : counts[v]) + count(x[., 0] = v)',
    ['x:f32', '*counts:f32'],
    ['tokens', 'position'],
    64,
    `let v = local.x;
var seen = 0.0;
if (args.position > 0u) { seen = counts[v]; }
for (var t = 0u; t < args.tokens; t++) { if (u32(x[t * hidden]) == v) { seen += 1.0; } }
counts[v] = seen;`,
  ),
  recurrentLogits: toyKernel(
    'toy_recurrent_logits',
    'logits[v] = table[last, v] + bonus * counts[v]',
    ['x:f32', 'counts:f32', 'table:f32', 'bonus:f32', '*logits:f32'],
    ['tokens'],
    64,
    `let v = local.x;
let last = u32(x[(args.tokens - 1u) * hidden]);
logits[v] = table[last * vocabulary + v] + bonus[0] * counts[v];`,
  ),
  hybridLogits: toyKernel(
    'toy_hybrid_logits',
    'logits[v] = table[last, v] + bonus * (count(cache = v) + counts[v]) / 2',
    ['x:f32', 'cache:f32', 'counts:f32', 'table:f32', 'bonus:f32', '*logits:f32'],
    ['tokens', 'occupied'],
    64,
    `let v = local.x;
let last = u32(x[(args.tokens - 1u) * hidden]);
var seen = counts[v];
for (var row = 0u; row < args.occupied; row++) { if (u32(cache[row]) == v) { seen += 1.0; } }
logits[v] = table[last * vocabulary + v] + bonus[0] * seen * 0.5;`,
  ),
  softmax: toyKernel(
    'toy_softmax',
    'p = exp((z - max z) / T) / sum',
    ['logits:f32', 'temperature:f32', '*probabilities:f32'],
    [],
    1,
    `var largest = logits[0];
for (var v = 0u; v < vocabulary; v++) { largest = max(largest, logits[v]); }
var sum = 0.0;
for (var v = 0u; v < vocabulary; v++) {
  let weight = exp((logits[v] - largest) / temperature[0]);
  probabilities[v] = weight;
  sum += weight;
}
for (var v = 0u; v < vocabulary; v++) { probabilities[v] /= sum; }`,
  ),
  sample: toyKernel(
    'toy_sample',
    'first v, most probable first, at which the running sum passes u * min(top_p, sum)',
    ['probabilities:f32', 'uniform_draw:f32', 'top_p:f32', '*token:i32'],
    [],
    1,
    `var below = 2.0;
var sum = 0.0;
let wanted = uniform_draw[0] * top_p[0];
var chosen = -1;
for (var step = 0u; step < vocabulary && (chosen < 0 || sum <= wanted); step++) {
  var best = 0u;
  var bestValue = -1.0;
  for (var v = 0u; v < vocabulary; v++) {
    if (probabilities[v] < below && probabilities[v] > bestValue) { best = v; bestValue = probabilities[v]; }
  }
  sum += bestValue;
  below = bestValue;
  chosen = i32(best);
}
token[0] = chosen;`,
  ),
  bias: toyKernel(
    'toy_bias',
    'logits[id] += bias',
    ['*logits:f32', 'ids:i32', 'bias:f32'],
    ['count'],
    1,
    'for (var i = 0u; i < args.count; i++) { logits[ids[i]] += bias[i]; }',
  ),
  penalty: toyKernel(
    'toy_penalty',
    'z -= presence + count * frequency; z = z < 0 ? z * repetition : z / repetition',
    ['*logits:f32', 'ids:i32', 'counts:i32', 'penalties:f32'],
    ['count'],
    1,
    `for (var i = 0u; i < args.count; i++) {
  let z = logits[ids[i]] - penalties[0] - f32(counts[i]) * penalties[1];
  logits[ids[i]] = select(z / penalties[2], z * penalties[2], z < 0.0);
}`,
  ),
  bitmask: toyKernel(
    'toy_bitmask',
    'logits[v] = lowest where bit v is 0',
    ['*logits:f32', 'mask:i32'],
    [],
    64,
    'let v = local.x;\nif (((u32(mask[v / 32u]) >> (v % 32u)) & 1u) == 0u) { logits[v] = -3.4028234e38; }',
  ),
}
