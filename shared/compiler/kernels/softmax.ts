// Softmax with temperature over the logits of one token, in two launches that fill the adapter: every block of the vocabulary finds its maximum and its
// sum (Milakov and Gimelshein 2018, arXiv:1805.02867), then every block scales its part by what all blocks found.
import { assembleKernel, type Kernel } from './kernel.ts'
import type { LibraryTarget } from './target.ts'

export interface SoftmaxOptions {
  /** The kernels are called `<name>_blocks` and `<name>_scale`. */
  readonly name: string
  readonly target: LibraryTarget
  readonly vocabulary: number
}

/** One kernel of a function that takes several; its binding names say which buffers it wants. */
export interface SamplingLaunch {
  readonly kernel: Kernel
  /** Workgroups along x; y is 1. */
  readonly groups: number
}

export interface SoftmaxTemperature {
  /** Bindings by name: logits [V], temperature [1], probs [V], partial [partialBytes]. No scalars. */
  readonly launches: readonly SamplingLaunch[]
  readonly partialBytes: number
}

/**
 * probs = softmax(logits / temperature). The maximum is subtracted first. A temperature of at most 1e-5 (web-llm passes 1e-6 for 0) gives exactly the
 * largest logit, the lowest id among equals, probability 1. A NaN or +infinity among the logits makes every probability -1, on which sampleTopP fails.
 */
export function softmaxTemperature(options: SoftmaxOptions): SoftmaxTemperature {
  const { name, target, vocabulary } = options
  if (!Number.isInteger(vocabulary) || vocabulary < 1 || vocabulary > 2 ** 24) {
    throw new Error(`${name}: vocabulary of ${vocabulary}, expected 1 to 2^24`)
  }
  const shape = blockShape(target, vocabulary)
  return {
    launches: [
      { kernel: blocksKernel(options, shape), groups: shape.groups },
      { kernel: scaleKernel(options, shape), groups: shape.groups },
    ],
    partialBytes: shape.blocks * 16,
  }
}

interface BlockShape {
  readonly threads: number
  /** Elements of one block: a workgroup's, or on software adapters one invocation's. */
  readonly elements: number
  readonly blocks: number
  readonly groups: number
}

function blockShape(target: LibraryTarget, vocabulary: number): BlockShape {
  const most = target === 'software' ? 64 : 256
  const least = target === 'software' ? 2048 : 1024
  const elements = Math.max(least, Math.ceil(vocabulary / most / 1024) * 1024)
  const blocks = Math.ceil(vocabulary / elements)
  return target === 'software'
    ? { threads: 4, elements, blocks, groups: Math.ceil(blocks / 4) }
    : { threads: 256, elements, blocks, groups: blocks }
}

function declarations({ vocabulary }: SoftmaxOptions, { elements, blocks }: BlockShape): string {
  return `
const VOCABULARY = ${vocabulary}u;
const BLOCK = ${elements}u;
const BLOCKS = ${blocks}u;
const LOWEST = -0x1.fffffep+127f;
const GREEDY = 1.0e-5;
fn weight(logit : f32, best : f32) -> f32 {
  return exp(max(logit - best, -104.0 * temperature[0]) / temperature[0]);
}
fn is_better(a : vec2<f32>, b : vec2<f32>) -> bool { return a.x > b.x || (a.x == b.x && a.y < b.y); }`
}

/** partial[block] = (largest logit, its id, sum of weights, 1 if a logit is NaN or +infinity); probs = weights against the block's maximum. */
function blocksKernel(options: SoftmaxOptions, shape: BlockShape): Kernel {
  const { threads } = shape
  const find = (first: string, stride: string) => `
for (var i = ${first}; i < block_end; i += ${stride}) {
  let bits = logits[i];
  if (bits != 0xff800000u) {
    if ((bits & 0x7fffffffu) >= 0x7f800000u) {
      broken = 1.0;
    } else {
      let candidate = vec2<f32>(bitcast<f32>(bits), f32(i));
      if (is_better(candidate, best)) { best = candidate; }
    }
  }
}`
  const sum = (first: string, stride: string) => `
for (var i = ${first}; i < block_end; i += ${stride}) {
  let bits = logits[i];
  var part = 0.0;
  if ((bits & 0x7fffffffu) < 0x7f800000u) { part = weight(bitcast<f32>(bits), best.x); }
  probs[i] = part;
  total += part;
}`
  const body =
    options.target === 'software'
      ? `
let block = group_x * ${threads}u + local_index;
if (block >= BLOCKS) { return; }
let block_end = min((block + 1u) * BLOCK, VOCABULARY);
var best = vec2<f32>(LOWEST, f32(VOCABULARY));
var broken = 0.0;${find('block * BLOCK', '1u')}
var total = 0.0;
if (temperature[0] > GREEDY) {${sum('block * BLOCK', '1u').replaceAll('\n', '\n  ')}
}
partial[block] = vec4<f32>(best, total, broken);`
      : `
let block_end = min((group_x + 1u) * BLOCK, VOCABULARY);
var best = vec2<f32>(LOWEST, f32(VOCABULARY));
var broken = 0.0;${find('group_x * BLOCK + local_index', `${threads}u`)}
shared_best[local_index] = vec3<f32>(best, broken);
workgroupBarrier();
for (var stride = ${threads / 2}u; stride > 0u; stride >>= 1u) {
  if (local_index < stride) {
    let mine = shared_best[local_index];
    let other = shared_best[local_index + stride];
    shared_best[local_index] = vec3<f32>(select(mine.xy, other.xy, is_better(other.xy, mine.xy)), max(mine.z, other.z));
  }
  workgroupBarrier();
}
best = shared_best[0].xy;
var total = 0.0;
if (temperature[0] > GREEDY) {${sum('group_x * BLOCK + local_index', `${threads}u`).replaceAll('\n', '\n  ')}
}
shared_total[local_index] = total;
workgroupBarrier();
for (var stride = ${threads / 2}u; stride > 0u; stride >>= 1u) {
  if (local_index < stride) { shared_total[local_index] += shared_total[local_index + stride]; }
  workgroupBarrier();
}
if (local_index == 0u) { partial[group_x] = vec4<f32>(best, shared_total[0], shared_best[0].z); }`
  return assembleKernel({
    name: `${options.name}_blocks`,
    mathematics:
      'probs[i] = exp((logits[i] - max of the block) / temperature), partial[block] = (max, its id, sum, broken)',
    bindings: [
      { name: 'logits', type: 'array<u32>', access: 'read' },
      { name: 'temperature', type: 'array<f32>', access: 'read' },
      { name: 'partial', type: 'array<vec4<f32>>', access: 'read_write' },
      { name: 'probs', type: 'array<f32>', access: 'read_write' },
    ],
    scalars: [],
    workgroupSize: [threads],
    declarations: `${declarations(options, shape).trim()}
${
  options.target === 'software'
    ? ''
    : `var<workgroup> shared_best : array<vec3<f32>, ${threads}>;
var<workgroup> shared_total : array<f32, ${threads}>;`
}`,
    body,
  })
}

/** probs = weights * exp((max of the block - max) / temperature) / total, or the largest alone, or -1 everywhere. */
function scaleKernel(options: SoftmaxOptions, shape: BlockShape): Kernel {
  const { threads } = shape
  const combine = (first: string, stride: string) => ({
    best: `
for (var b = ${first}; b < BLOCKS; b += ${stride}) {
  let state = partial[b];
  if (is_better(state.xy, best)) { best = state.xy; }
  broken = max(broken, state.w);
}`,
    total: `
for (var b = ${first}; b < BLOCKS; b += ${stride}) {
  let state = partial[b];
  total += state.z * weight(state.x, best.x);
}`,
  })
  const write = (first: string, stride: string) => `
let greedy = !(temperature[0] > GREEDY);
let factor = weight(partial[block].x, best.x) / total;
for (var i = ${first}; i < block_end; i += ${stride}) {
  var result = probs[i] * factor;
  if (greedy) { result = select(0.0, 1.0, f32(i) == best.y); }
  if (broken > 0.0) { result = -1.0; }
  probs[i] = result;
}`
  const start = `
let block_end = min((block + 1u) * BLOCK, VOCABULARY);
var best = vec2<f32>(LOWEST, f32(VOCABULARY));
var broken = 0.0;
var total = 0.0;`
  const alone = combine('0u', '1u')
  const together = combine('local_index', `${threads}u`)
  const body =
    options.target === 'software'
      ? `
let block = group_x * ${threads}u + local_index;
if (block >= BLOCKS) { return; }${start}${alone.best}${alone.total}${write('block * BLOCK', '1u')}`
      : `
let block = group_x;${start}${together.best}
shared_best[local_index] = vec3<f32>(best, broken);
workgroupBarrier();
for (var stride = ${threads / 2}u; stride > 0u; stride >>= 1u) {
  if (local_index < stride) {
    let mine = shared_best[local_index];
    let other = shared_best[local_index + stride];
    shared_best[local_index] = vec3<f32>(select(mine.xy, other.xy, is_better(other.xy, mine.xy)), max(mine.z, other.z));
  }
  workgroupBarrier();
}
best = shared_best[0].xy;
broken = shared_best[0].z;${together.total}
shared_total[local_index] = total;
workgroupBarrier();
for (var stride = ${threads / 2}u; stride > 0u; stride >>= 1u) {
  if (local_index < stride) { shared_total[local_index] += shared_total[local_index + stride]; }
  workgroupBarrier();
}
total = shared_total[0];${write('block * BLOCK + local_index', `${threads}u`)}`
  return assembleKernel({
    name: `${options.name}_scale`,
    mathematics: 'probs[i] = probs[i] * exp((max of its block - max) / temperature) / sum',
    bindings: [
      { name: 'partial', type: 'array<vec4<f32>>', access: 'read' },
      { name: 'temperature', type: 'array<f32>', access: 'read' },
      { name: 'probs', type: 'array<f32>', access: 'read_write' },
    ],
    scalars: [],
    workgroupSize: [threads],
    declarations: `${declarations(options, shape).trim()}
${
  options.target === 'software'
    ? ''
    : `var<workgroup> shared_best : array<vec3<f32>, ${threads}>;
var<workgroup> shared_total : array<f32, ${threads}>;`
}`,
    body,
  })
}
