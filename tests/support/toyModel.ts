// A model small enough to predict with a calculator, in web-llm's format: the next token's logits are a row of a table, chosen by the last token, plus a
// bonus for each time a token stands in the KV cache. It uses every VM function, every kind of buffer and the position.
import { assembleKernel, type Kernel, type KernelParts } from '../../shared/compiler/kernels/kernel.ts'
import {
  type BufferRef,
  type Count,
  constant,
  count,
  type Launch,
  type LibraryPlan,
  type Program,
  type Result,
  type StateKind,
} from '../../shared/compiler/library/plan.ts'
import { randomSource } from './random.ts'

export const toyVocabulary = 64
/** Floats per token of the hidden state; the first is the token. */
const hidden = 4
/** Added to a token's logit for each time it is in the cache. */
const repeatBonus = 0.125
export const toyStop = 2

export interface ToyModel {
  readonly plan: LibraryPlan
  readonly files: ReadonlyMap<string, Uint8Array>
  /** [toyVocabulary, toyVocabulary], row = last token. */
  readonly table: Float32Array
}

export interface ToyOptions {
  readonly seed: number
  readonly contextTokens?: number
  readonly slidingWindowTokens?: number
  readonly sinkTokens?: number
  readonly chunkTokens?: number
  /** Only batch_prefill and batch_decode. */
  readonly batch?: boolean
  /** Where the tokens seen are kept: in a cache of the context's length, in a recurrent state of fixed size, or in both. */
  readonly state?: StateKind['kind']
}

export function toyModel(options: ToyOptions): ToyModel {
  const next = randomSource(options.seed)
  const table = Float32Array.from({ length: toyVocabulary ** 2 }, (_, index) => {
    // The stop token and the specials are never the best.
    return index % toyVocabulary <= toyStop ? -20 : Math.fround(next() * 8 - 4)
  })
  const chunkTokens = options.chunkTokens ?? 16
  const plan = toyPlan(chunkTokens, options.batch ?? false, options.state ?? 'kv_cache')
  return { plan, files: toyFiles(options, table), table }
}

/** Logits after `tokens` have been seen, all of them in the cache. */
export function toyLogits(table: Float32Array, tokens: readonly number[]): Float32Array {
  const last = tokens.at(-1) ?? 0
  return Float32Array.from({ length: toyVocabulary }, (_, token) => {
    const seen = tokens.filter((other) => other === token).length
    return Math.fround((table[last * toyVocabulary + token] ?? 0) + Math.fround(repeatBonus * seen))
  })
}

/** The text of token ids. */
export function toyText(ids: readonly number[]): string {
  return ids.map((id) => `w${id}`).join(' ')
}

function toyPlan(chunkTokens: number, batch: boolean, state: StateKind['kind']): LibraryPlan {
  const table: BufferRef = { kind: 'param', index: 0 }
  // Slot 1 is the cache, or with a recurrent state alone the counts; with both, the counts are slot 5.
  const [x, cache, logits, probabilities, token, extra] = [0, 1, 2, 3, 4, 5].map(
    (index): BufferRef => ({ kind: 'slot', index }),
  )
  const bonus: BufferRef = { kind: 'constant', index: 0 }
  const argument = (index: number): BufferRef => ({ kind: 'argument', index })
  if (!(x && cache && logits && probabilities && token && extra)) throw new Error('unreachable')
  const one = constant(1)
  const launch = (kernel: Kernel, buffers: readonly BufferRef[], scalars: readonly Count[], groups = one): Launch => {
    return { kernel, buffers, scalars, grid: [groups, one] }
  }
  const perToken = count('tokens', { divide: 64 })
  const append = launch(
    toyKernels.append,
    [x, cache],
    [count('tokens'), count('position'), count('capacity')],
    perToken,
  )
  const remember = (counts: BufferRef) => launch(toyKernels.count, [x, counts], [count('tokens'), count('position')])
  const forward: readonly Launch[] = {
    kv_cache: [
      append,
      launch(toyKernels.logits, [x, cache, table, bonus, logits], [count('tokens'), count('occupied')]),
    ],
    rnn_state: [
      remember(cache),
      launch(toyKernels.recurrentLogits, [x, cache, table, bonus, logits], [count('tokens')]),
    ],
    hybrid: [
      append,
      remember(extra),
      launch(toyKernels.hybridLogits, [x, cache, extra, table, bonus, logits], [count('tokens'), count('occupied')]),
    ],
  }[state]
  const counts = (name: string) => ({ name, sizeBytes: constant(toyVocabulary * 4) })
  const vector = (slot: number, dtype: 'float32' | 'int32', shape: readonly Count[]) => ({ slot, dtype, shape })
  const logitsShape = [one, one, constant(toyVocabulary)]
  const forwards = (names: readonly string[]): readonly Program[] =>
    names.map((name) => ({
      name,
      call: { kind: 'forward', inputSlot: 0 },
      launches: forward,
      result: { kind: 'array', tensor: vector(2, 'float32', logitsShape) },
    }))
  const plain = (name: string, launches: readonly Launch[], result: Result): Program => {
    return { name, call: { kind: 'plain' }, launches, result }
  }
  const none: Result = { kind: 'none' }
  return {
    metadata: {
      model_type: 'toy',
      note: 'Ω stands for what is not ASCII',
      params: [{ name: 'table' }],
      prefill_chunk_size: chunkTokens,
      kv_state_kind: state,
    },
    params: ['table'],
    maximumPositions: 1_048_576,
    state: state === 'rnn_state' ? { kind: state, chunkTokens } : { kind: state },
    slots: [
      { name: 'x', sizeBytes: count('chunk', { multiply: hidden * 4 }) },
      state === 'rnn_state'
        ? counts('state.counts')
        : { name: 'cache.ids', sizeBytes: count('capacity', { multiply: 4 }) },
      { name: 'logits', sizeBytes: constant(toyVocabulary * 4) },
      { name: 'probabilities', sizeBytes: constant(toyVocabulary * 4) },
      { name: 'token', sizeBytes: constant(4) },
      ...(state === 'hybrid' ? [counts('state.counts')] : []),
    ],
    constants: [{ name: 'bonus', bytes: new Uint8Array(new Float32Array([repeatBonus]).buffer) }],
    programs: [
      plain(
        'embed',
        [launch(toyKernels.embed, [argument(0), x], [count('elements0')], count('elements0', { divide: 64 }))],
        { kind: 'tensor', tensor: vector(0, 'float32', [count('elements0'), constant(hidden)]) },
      ),
      ...forwards(batch ? ['batch_prefill', 'batch_decode'] : ['prefill', 'decode']),
      plain('softmax_with_temperature', [launch(toyKernels.softmax, [argument(0), argument(1), probabilities], [])], {
        kind: 'tensor',
        tensor: vector(3, 'float32', logitsShape),
      }),
      plain('argsort_probs', [], { kind: 'arguments', indices: [0, 0] }),
      plain('sample_with_top_p', [launch(toyKernels.sample, [argument(0), argument(2), argument(4), token], [])], {
        kind: 'tensor',
        tensor: vector(4, 'int32', [one]),
      }),
      plain(
        'apply_logit_bias_inplace',
        [launch(toyKernels.bias, [argument(0), argument(2), argument(3)], [count('elements2')])],
        none,
      ),
      plain(
        'apply_penalty_inplace',
        [launch(toyKernels.penalty, [argument(0), argument(3), argument(4), argument(5)], [count('elements3')])],
        none,
      ),
      plain('apply_bitmask_inplace', [launch(toyKernels.bitmask, [argument(0), argument(2)], [])], none),
    ],
  }
}

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
const toyKernels = {
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

function toyFiles(options: ToyOptions, table: Float32Array): ReadonlyMap<string, Uint8Array> {
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  const words = Array.from({ length: toyVocabulary }, (_, id) => ['<unk>', '<s>', '</s>'][id] ?? `w${id}`)
  const added = words.slice(0, 3).map((content, id) => {
    return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
  })
  const record = {
    name: 'table',
    shape: [toyVocabulary, toyVocabulary],
    dtype: 'float32',
    format: 'raw',
    nbytes: table.byteLength,
    byteOffset: 0,
  }
  const shard = { dataPath: 'params_shard_0.bin', format: 'raw-shard', nbytes: table.byteLength, records: [record] }
  return new Map([
    [
      'mlc-chat-config.json',
      json({
        vocab_size: toyVocabulary,
        context_window_size: options.slidingWindowTokens === undefined ? (options.contextTokens ?? 256) : -1,
        sliding_window_size: options.slidingWindowTokens ?? -1,
        attention_sink_size: options.slidingWindowTokens === undefined ? -1 : (options.sinkTokens ?? 0),
        tokenizer_files: ['tokenizer.json'],
        tokenizer_info: { token_postproc_method: 'raw', prepend_space_in_encode: false },
        conv_template: {
          system_template: '{system_message}',
          system_message: '',
          roles: { user: 'w3', assistant: 'w4', tool: 'w5' },
          seps: [' '],
          role_content_sep: ' ',
          role_empty_sep: ' ',
          stop_str: [],
          stop_token_ids: [toyStop],
          system_prefix_token_ids: [1],
        },
        temperature: 1,
        top_p: 1,
        repetition_penalty: 1,
        frequency_penalty: 0,
        presence_penalty: 0,
      }),
    ],
    ['tensor-cache.json', json({ metadata: {}, records: [shard] })],
    ['params_shard_0.bin', new Uint8Array(table.slice().buffer)],
    [
      'tokenizer.json',
      json({
        version: '1.0',
        truncation: null,
        padding: null,
        added_tokens: added,
        normalizer: null,
        pre_tokenizer: { type: 'WhitespaceSplit' },
        post_processor: null,
        decoder: null,
        model: {
          type: 'WordLevel',
          vocab: Object.fromEntries(words.map((word, id) => [word, id])),
          unk_token: '<unk>',
        },
      }),
    ],
  ])
}
