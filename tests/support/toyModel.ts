// A model small enough to predict with a calculator, in web-llm's format: the next token's logits are a row of a table, chosen by the last token, plus a
// bonus for each time a token stands in the KV cache. It uses every VM function, every kind of buffer and the position.
import type { LibraryPlan, StateKind } from '../../shared/compiler/library/plan.ts'
import { randomSource } from './random.ts'
import { toyVocabulary } from './toyKernels.ts'
import { repeatBonus, toyPlan } from './toyPlan.ts'

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
