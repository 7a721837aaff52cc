// Rotates queries and keys of a chunk of tokens and appends keys and values to the cache; one token's rotation is fused into its matrix-vector product.
import { type AttentionHeads, checkHeads } from './attention.ts'
import { cacheFunctions, cacheType, cacheValue } from './cache.ts'
import { assembleKernel, type Kernel } from './kernel.ts'
import { ropeFunction } from './rope.ts'

export interface RopeAppendOptions extends AttentionHeads {
  readonly name: string
  readonly ropeShift: number
}

/** Items of work per token, one per invocation: the pairs (i, i + headSize / 2) of every query, key and value head. */
export function ropeAppendItemsPerToken(o: Pick<RopeAppendOptions, 'heads' | 'kvHeads' | 'headSize'>): number {
  return ((o.heads + 2 * o.kvHeads) * o.headSize) / 2
}

/**
 * Bindings qkv [tokens, (heads + 2 * kvHeads) * headSize], rope_table, query [tokens, heads * headSize], keys, values (cache); scalars tokens,
 * position, capacity, sink; grid x = tokens * ceil(items / 256).
 */
export function ropeAppend(options: RopeAppendOptions): Kernel {
  const { name, target, heads, kvHeads, headSize, ropeShift } = options
  checkHeads(name, options)
  const element = cacheType(target)
  const items = ropeAppendItemsPerToken(options)
  return assembleKernel({
    name,
    mathematics:
      'query, keys = (a cos - b sin, b cos + a sin) of the pairs (a, b) = (q[i], q[i + headSize / 2]); values = v',
    enables: element === 'f16' ? ['f16'] : [],
    bindings: [
      { name: 'qkv', type: 'array<f32>', access: 'read' },
      { name: 'rope_table', type: 'array<vec2<f32>>', access: 'read' },
      { name: 'query', type: 'array<f32>', access: 'read_write' },
      { name: 'keys', type: `array<${element}>`, access: 'read_write' },
      { name: 'values', type: `array<${element}>`, access: 'read_write' },
    ],
    scalars: ['tokens', 'position', 'capacity', 'sink'],
    workgroupSize: [256],
    declarations: `
const HEADS = ${heads}u;
const KV_HEADS = ${kvHeads}u;
const HEAD_SIZE = ${headSize}u;
const PAIRS = ${headSize / 2}u;
const ITEMS = ${items}u;
const GROUPS_PER_TOKEN = ${Math.ceil(items / 256)}u;
${cacheFunctions(headSize)}
${ropeFunction(headSize, ropeShift)}`,
    body: `
let token = group_x / GROUPS_PER_TOKEN;
let item = group_x % GROUPS_PER_TOKEN * 256u + local_index;
if (token >= args.tokens || item >= ITEMS) { return; }
let head = item / PAIRS;
let pair = item % PAIRS;
let source = (token * (HEADS + 2u * KV_HEADS) + head) * HEAD_SIZE + pair;
let a = qkv[source];
let b = qkv[source + PAIRS];
let position = args.position + token;
if (head >= HEADS + KV_HEADS) {
  let to = cache_offset(head - HEADS - KV_HEADS, cache_row(position)) + pair;
  values[to] = ${cacheValue(target, 'a')};
  values[to + PAIRS] = ${cacheValue(target, 'b')};
  return;
}
let turn = rope(position, pair);
let first = a * turn.x - b * turn.y;
let second = b * turn.x + a * turn.y;
if (head >= HEADS) {
  let to = cache_offset(head - HEADS, cache_row(position)) + pair;
  keys[to] = ${cacheValue(target, 'first')};
  keys[to + PAIRS] = ${cacheValue(target, 'second')};
  return;
}
let to = (token * HEADS + head) * HEAD_SIZE + pair;
query[to] = first;
query[to + PAIRS] = second;`,
  })
}
