// Rotates queries and keys of a chunk of tokens and appends keys and values to the cache; one token's are fused into its matrix-vector product.
import { type AppendShape, appendBindings, appendFunctions, checkAppend } from './appendPair.ts'
import { cacheType } from './cache.ts'
import { assembleKernel, type Kernel } from './kernel.ts'

export interface AppendOptions extends AppendShape {
  readonly name: string
}

/** Items of work per token, one per invocation: the pairs of every query, key and value head. */
export function appendItemsPerToken(o: Pick<AppendOptions, 'heads' | 'kvHeads' | 'headSize'>): number {
  return ((o.heads + 2 * o.kvHeads) * o.headSize) / 2
}

/**
 * Bindings qkv [tokens, (heads + 2 * kvHeads) * headSize], rope_table when there is a rotation, query [tokens, heads * headSize], keys, values (cache);
 * scalars tokens, position, capacity, sink; grid x = tokens * ceil(items / 256).
 */
export function append(options: AppendOptions): Kernel {
  const { name, target, rope } = options
  checkAppend(name, options)
  const items = appendItemsPerToken(options)
  const turned = rope === null ? '' : 'rope of '
  return assembleKernel({
    name,
    mathematics: `query[t], keys[position + t] = ${turned}q[t], k[t]; values[position + t] = v[t]`,
    enables: cacheType(target) === 'f16' ? ['f16'] : [],
    bindings: [{ name: 'qkv', type: 'array<f32>', access: 'read' }, ...appendBindings(options)],
    scalars: ['tokens', 'position', 'capacity', 'sink'],
    workgroupSize: [256],
    declarations: `
const ITEMS = ${items}u;
const GROUPS_PER_TOKEN = ${Math.ceil(items / 256)}u;
${appendFunctions(options)}`,
    body: `
let token = group_x / GROUPS_PER_TOKEN;
let item = group_x % GROUPS_PER_TOKEN * 256u + local_index;
if (token >= args.tokens || item >= ITEMS) { return; }
let head = item / PAIRS;
let pair = item % PAIRS;
let source = (token * (HEADS + 2u * KV_HEADS) + head) * HEAD_SIZE;
append_pair(
  token, args.position + token, head, pair,
  qkv[source + pair_element(pair, 0u)], qkv[source + pair_element(pair, 1u)],
);`,
  })
}
