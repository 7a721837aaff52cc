// Causal attention of a chunk of tokens over the cache, their own keys included: tiles of queries and keys, softmax on the fly, never the whole score
// matrix (FlashAttention, Dao et al. 2022, arXiv:2205.14135).
import {
  type AttentionCode,
  type AttentionHeads,
  attentionFunctions,
  cacheBindings,
  checkAttention,
  scoreMathematics,
} from './attention.ts'
import { prefillByWorkgroup } from './attentionPrefillWorkgroup.ts'
import { attendByInvocation } from './attentionSoftware.ts'
import { cacheType } from './cache.ts'
import { assembleKernel, type Kernel } from './kernel.ts'

export interface AttentionPrefillOptions extends AttentionHeads {
  readonly name: string
  /** Keys of the prefix are seen by every query (PrefixSpec, prefix.ts). */
  readonly prefix?: boolean
}

/** Tokens of one workgroup: grid x = heads, y = ceil(tokens / queries). */
export function attentionPrefillTile(options: Pick<AttentionPrefillOptions, 'target'>): { readonly queries: number } {
  return { queries: options.target === 'software' ? 8 : 32 }
}

/**
 * Bindings query [tokens, heads, headSize], keys, values (the chunk already appended), prefix where there is one, out [tokens, heads, headSize]; scalars
 * tokens, position (absolute, of the first token), capacity, window, sink. A ring must hold at least window + tokens rows.
 */
export function attentionPrefill(options: AttentionPrefillOptions): Kernel {
  const { name, target, prefix = false } = options
  checkAttention(name, options)
  if (prefix && options.alibiSlopes !== null) throw new Error(`${name}: ALiBi counts back, and a prefix is seen ahead`)
  const { queries } = attentionPrefillTile(options)
  const code = target === 'software' ? prefillByInvocation(options, queries) : prefillByWorkgroup(options, queries)
  return assembleKernel({
    name,
    mathematics: `out[t, h] = sum over keys j <= position + t${prefix ? ' or in the prefix' : ''} of softmax(${scoreMathematics(options, 'query[t, h]')}) * values[j]`,
    enables: cacheType(target) === 'f16' ? ['f16'] : [],
    bindings: [
      { name: 'query', type: 'array<vec4<f32>>', access: 'read' },
      ...cacheBindings(target),
      ...(prefix ? [{ name: 'prefix', type: 'array<u32>', access: 'read' } as const] : []),
      { name: 'out', type: 'array<vec4<f32>>', access: 'read_write' },
    ],
    scalars: ['tokens', 'position', 'capacity', 'window', 'sink'],
    workgroupSize: [code.threads],
    declarations: `
${attentionFunctions(options, { prefix }).trim()}
const QUERIES = ${queries}u;
${code.declarations.trim()}`,
    // Rows that only later tokens of this chunk need are skipped as long as rows are positions.
    body: `
let head = group_x;
let kv_head = head / HEADS_PER_KV;
let begin = 0u;
let first_token = group_y * QUERIES;
let length = args.position + args.tokens;
let end = select(args.capacity, min(length, ${prefix ? 'max(prefix[0], args.position + first_token + QUERIES)' : 'args.position + first_token + QUERIES'}), length <= args.capacity);
${code.body.trim()}`,
  })
}

function prefillByInvocation(options: AttentionPrefillOptions, rows: number): AttentionCode {
  return attendByInvocation(options, {
    rows,
    headSize: options.headSize,
    head: () => 'head',
    start: (row) => `((first_token + ${row}) * HEADS + head) * VECTORS`,
    position: (row) => `args.position + first_token + ${row}`,
    store:
      'if (first_token + row < args.tokens) { out[((first_token + row) * HEADS + head) * VECTORS + v] = sum / total; }',
    storeState: null,
  })
}
