// Attention of one token over the cache, with softmax on the fly (Milakov and Gimelshein 2018, arXiv:1805.02867). A long cache is walked by several
// workgroups side by side, each over `split.keys` rows, and attentionMerge joins what they found (Flash-Decoding).
import {
  type AttentionCode,
  type AttentionHeads,
  attentionFunctions,
  cacheBindings,
  checkAttention,
  checkHeads,
  type HeadShape,
  scoreMathematics,
} from './attention.ts'
import { decodeByWorkgroup, decodeWorkgroupBytes } from './attentionDecodeWorkgroup.ts'
import { attendByInvocation } from './attentionSoftware.ts'
import { cacheType } from './cache.ts'
import { assembleKernel, type Kernel } from './kernel.ts'

export interface AttentionDecodeOptions extends AttentionHeads {
  readonly name: string
  /** null: one workgroup walks the whole cache. Otherwise workgroup y takes cache rows y * keys up to (y + 1) * keys. */
  readonly split: { readonly keys: number } | null
}

/**
 * Bindings query [heads, headSize], keys, values, then out [heads, headSize], or with a split partial [splits, heads, headSize + 4]: the sums of
 * exp(score - max) * value, then max, the sum of exp(score - max), and two zeros. Scalars length (tokens seen, this one included), capacity, window,
 * sink. Grid x = attentionDecodeGroups(options), y = 1, or with a split ceil(occupied / keys).
 */
export function attentionDecode(options: AttentionDecodeOptions): Kernel {
  const { name, target, split } = options
  checkAttention(name, options)
  if (split !== null && (!Number.isInteger(split.keys) || split.keys < 1)) {
    throw new Error(`${name}: split of ${split.keys} keys, expected a positive integer`)
  }
  const software = target === 'software'
  const code = software
    ? decodeByInvocation(options, headsPerGroup(options))
    : decodeByWorkgroup(options, headsPerGroup(options))
  return assembleKernel({
    name,
    mathematics: `out[h] = sum over keys j of softmax(${scoreMathematics(options, 'query[h]')}) * values[j]`,
    enables: cacheType(target) === 'f16' ? ['f16'] : [],
    bindings: [
      { name: 'query', type: 'array<vec4<f32>>', access: 'read' },
      ...cacheBindings(target),
      {
        name: split === null ? 'out' : 'partial',
        type: `array<${software ? 'vec4<f32>' : 'f32'}>`,
        access: 'read_write',
      },
    ],
    scalars: ['length', 'capacity', 'window', 'sink'],
    workgroupSize: [code.threads],
    declarations: `
${attentionFunctions(options).trim()}
const HEADS_PER_GROUP = ${headsPerGroup(options)}u;
${code.declarations.trim()}`,
    body: `
let length = args.length;
let occupied = min(length, args.capacity);
let begin = ${split === null ? '0u' : `group_y * ${split.keys}u`};
let end = ${split === null ? 'occupied' : `min(begin + ${split.keys}u, occupied)`};
if (begin >= end) { return; }
let first_head = group_x * HEADS_PER_GROUP;
let kv_head = first_head / HEADS_PER_KV;
${code.body.trim()}`,
  })
}

/** Workgroups along x. */
export function attentionDecodeGroups(options: AttentionDecodeOptions): number {
  return options.heads / headsPerGroup(options)
}

/** Floats of `partial` for one split. */
export function attentionPartialElements(options: Pick<AttentionDecodeOptions, 'heads' | 'headSize'>): number {
  return options.heads * (options.headSize + 4)
}

/** Workgroups of attentionMerge along x. */
export function attentionMergeGroups(options: Pick<AttentionDecodeOptions, 'heads' | 'headSize'>): number {
  return Math.ceil((options.heads * options.headSize) / 4 / mergeThreads)
}
const mergeThreads = 32

/** Joins the splits. Bindings partial, out [heads, headSize]; scalar splits; grid x = attentionMergeGroups(options). */
export function attentionMerge(options: Omit<HeadShape, 'target'> & { readonly name: string }): Kernel {
  const { name, heads, headSize } = options
  checkHeads(name, options)
  return assembleKernel({
    name,
    mathematics:
      'out[h] = sum over splits s of exp(max[s] - max) * sums[s] / sum over s of exp(max[s] - max) * total[s]',
    bindings: [
      { name: 'partial', type: 'array<vec4<f32>>', access: 'read' },
      { name: 'out', type: 'array<vec4<f32>>', access: 'read_write' },
    ],
    scalars: ['splits'],
    workgroupSize: [mergeThreads],
    declarations: `
const HEADS = ${heads}u;
const VECTORS = ${headSize / 4}u;
const LOWEST = -3.0e38;`,
    body: `
let item = group_x * ${mergeThreads}u + local_index;
if (item >= HEADS * VECTORS) { return; }
let head = item / VECTORS;
var best = LOWEST;
for (var split = 0u; split < args.splits; split += 1u) {
  best = max(best, partial[(split * HEADS + head + 1u) * (VECTORS + 1u) - 1u].x);
}
var sum = vec4<f32>();
var total = 0.0;
for (var split = 0u; split < args.splits; split += 1u) {
  let start = (split * HEADS + head) * (VECTORS + 1u);
  let state = partial[start + VECTORS];
  let weight = exp(state.x - best);
  sum += weight * partial[start + item % VECTORS];
  total += weight * state.y;
}
out[item] = sum / total;`,
  })
}

function decodeByInvocation(options: AttentionDecodeOptions, rows: number): AttentionCode {
  const { headSize, split } = options
  const partial = 'partial[(group_y * HEADS + first_head + row) * (VECTORS + 1u)'
  return attendByInvocation(options, {
    rows,
    headSize,
    start: (row) => `(first_head + ${row}) * VECTORS`,
    head: (row) => `first_head + ${row}`,
    position: () => 'length - 1u',
    store: split === null ? 'out[(first_head + row) * VECTORS + v] = sum / total;' : `${partial} + v] = sum;`,
    storeState: split === null ? null : `${partial} + VECTORS] = vec4<f32>(best, total, 0.0, 0.0);`,
  })
}

/**
 * Query heads served by one workgroup. They share reads of the cache where that counts; a short cache on a GPU is better served by many workgroups.
 */
function headsPerGroup({ target, heads, kvHeads, headSize, split }: AttentionDecodeOptions): number {
  if (target !== 'software' && split === null) return 1
  const perKv = heads / kvHeads
  const fits = (size: number) => target === 'software' || decodeWorkgroupBytes(headSize, size) <= portableWorkgroupBytes
  return [8, 7, 6, 5, 4, 3, 2].find((size) => perKv % size === 0 && fits(size)) ?? 1
}

/** WebGPU's default maxComputeWorkgroupStorageSize. */
const portableWorkgroupBytes = 16_384
