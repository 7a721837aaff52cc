// Draws a token from the nucleus (Holtzman et al. 2020, arXiv:1904.09751) without a sort. Draw from all candidates; the token is in the nucleus if the
// tokens ranked before it (more probable, or equally probable with a lower id) hold less than top_p of the mass; otherwise they become the
// candidates of the next draw. Tokens outside the nucleus are only ever refused, so what comes out is distributed as the nucleus is. About two
// passes over the vocabulary at top_p 0.9; each refusal halves the candidates' mass on average.
import { assembleKernel, type Kernel } from './kernel.ts'
import type { LibraryTarget } from './target.ts'

export interface SampleTopPOptions {
  readonly name: string
  readonly target: LibraryTarget
  readonly vocabulary: number
}

/** Invocations are a square of this: sums are searched in two steps of so many. */
function widthFor(target: LibraryTarget): number {
  return target === 'software' ? 8 : 16
}

/**
 * Bindings probs f32 [V], random f32 [1] (the caller's uniform number: its bits are hashed, for web-llm's first draws are close to 0), top_p f32 [1],
 * token i32 [1]; scalar position, hashed in as well; grid x = 1. top_p of at least 1 keeps every token, 0 only the first in rank. The token is -1
 * when a probability is negative, NaN or infinite, or all are 0.
 */
export function sampleTopP({ name, target, vocabulary }: SampleTopPOptions): Kernel {
  if (!Number.isInteger(vocabulary) || vocabulary < 1) {
    throw new Error(`${name}: vocabulary of ${vocabulary}, expected a positive integer`)
  }
  const width = widthFor(target)
  return assembleKernel({
    name,
    mathematics: 'token ~ probs within {i : sum of probs ranked before i < top_p}',
    bindings: [
      { name: 'probs', type: 'array<u32>', access: 'read' },
      { name: 'random', type: 'array<u32>', access: 'read' },
      { name: 'top_p', type: 'array<f32>', access: 'read' },
      { name: 'token', type: 'array<i32>', access: 'read_write' },
    ],
    scalars: ['position'],
    workgroupSize: [width * width],
    // Probabilities are read as bits: integers order non-negative floats and see a NaN, which floating-point code may assume away.
    declarations: `
const VOCABULARY = ${vocabulary}u;
const MOST_ROUNDS = 256u;
const THREADS = ${width * width}u;
const WIDTH = ${width}u;
fn mix(value : u32) -> u32 {
  let state = value * 747796405u + 2891336453u;
  let word = ((state >> ((state >> 28u) + 4u)) ^ state) * 277803737u;
  return (word >> 22u) ^ word;
}
fn uniform_number(round : u32) -> f32 {
  return f32(mix(mix(mix(random[0]) ^ args.position) + round) >> 8u) / 16777216.0;
}
fn mass(id : u32, pivot_bits : u32, pivot_id : u32) -> f32 {
  let bits = probs[id];
  return select(0.0, bitcast<f32>(bits), bits > pivot_bits || (bits == pivot_bits && id < pivot_id));
}
${searchDeclarations}`,
    body: drawBody(vocabulary, width * width),
  })
}

const searchDeclarations = `
var<workgroup> sums : array<f32, THREADS>;
var<workgroup> group_sums : array<f32, WIDTH>;
var<workgroup> broken : atomic<u32>;
var<workgroup> choice : u32;
var<workgroup> rest : f32;
var<workgroup> whole : f32;
var<workgroup> done : u32;
var<workgroup> pivot : vec2<u32>;
fn add_groups(local_index : u32) {
  workgroupBarrier();
  if (local_index < WIDTH) {
    var sum = 0.0;
    for (var i = 0u; i < WIDTH; i += 1u) { sum += sums[local_index * WIDTH + i]; }
    group_sums[local_index] = sum;
  }
  workgroupBarrier();
}
fn locate(target_mass : f32) -> vec2<f32> {
  var cumulated = 0.0;
  var start = 0.0;
  var group = 0u;
  for (var i = 0u; i < WIDTH; i += 1u) {
    if (group_sums[i] <= 0.0) { continue; }
    group = i;
    start = cumulated;
    cumulated += group_sums[i];
    if (cumulated > target_mass) { break; }
  }
  cumulated = start;
  var found = group * WIDTH;
  for (var i = group * WIDTH; i < (group + 1u) * WIDTH; i += 1u) {
    if (sums[i] <= 0.0) { continue; }
    found = i;
    start = cumulated;
    cumulated += sums[i];
    if (cumulated > target_mass) { break; }
  }
  return vec2<f32>(f32(found), target_mass - start);
}`.trim()

function drawBody(vocabulary: number, threads: number): string {
  // Invocation i sums ids i, i + threads, ...; then all together search the ids of the invocation the draw fell to.
  const chain = Math.ceil(vocabulary / threads)
  const share = Math.ceil(chain / threads)
  return `
var pivot_bits = 0u;
var pivot_id = VOCABULARY;
for (var round = 0u; round < MOST_ROUNDS; round += 1u) {
  var sum = 0.0;
  var invalid = false;
  for (var id = local_index; id < VOCABULARY; id += THREADS) {
    sum += mass(id, pivot_bits, pivot_id);
    invalid = invalid || probs[id] >= 0x7f800000u;
  }
  sums[local_index] = sum;
  if (invalid) { atomicStore(&broken, 1u); }
  add_groups(local_index);
  if (local_index == 0u) {
    var candidates = 0.0;
    for (var i = 0u; i < WIDTH; i += 1u) { candidates += group_sums[i]; }
    if (round == 0u) { whole = candidates; }
    done = 0u;
    if (round > 0u && (candidates <= 0.0 || candidates < top_p[0] * whole)) { done = 1u; }
    if (round == 0u && (atomicLoad(&broken) != 0u || candidates <= 0.0)) { done = 2u; }
    let drawn = locate(uniform_number(round) * candidates);
    choice = u32(drawn.x);
    rest = drawn.y;
  }
  let state = workgroupUniformLoad(&done);
  if (state == 2u) {
    pivot_id = 0xffffffffu;
    break;
  }
  if (state == 1u) { break; }
  let chosen = workgroupUniformLoad(&choice);
  sum = 0.0;
  for (var k = 0u; k < ${share}u; k += 1u) {
    let id = (local_index * ${share}u + k) * THREADS + chosen;
    if (id < VOCABULARY) { sum += mass(id, pivot_bits, pivot_id); }
  }
  sums[local_index] = sum;
  add_groups(local_index);
  if (local_index == 0u) {
    let drawn = locate(rest);
    var before = 0.0;
    for (var k = 0u; k < ${share}u; k += 1u) {
      let id = (u32(drawn.x) * ${share}u + k) * THREADS + chosen;
      if (id >= VOCABULARY) { break; }
      let here = mass(id, pivot_bits, pivot_id);
      if (here <= 0.0) { continue; }
      pivot = vec2<u32>(probs[id], id);
      before += here;
      if (before > drawn.y) { break; }
    }
  }
  let next = workgroupUniformLoad(&pivot);
  pivot_bits = next.x;
  pivot_id = next.y;
  if (top_p[0] >= 1.0) { break; }
}
if (local_index == 0u) { token[0] = i32(pivot_id); }`
}
