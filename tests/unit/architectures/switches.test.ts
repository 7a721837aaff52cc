// Fields of config.json that change what a model computes, architecture by architecture: those that are served, in every spelling, and those that
// are refused.
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import type { DecoderSpec } from '../../../shared/compiler/architectures/spec.ts'
import { CompileError } from '../../../shared/errors.ts'

type Config = Readonly<Record<string, unknown>>

const names = [
  'bloom-pow2',
  'chatglm2',
  'decilm',
  'falcon-40b',
  'falcon-7b',
  'falcon-rw-alibi',
  'gpt2',
  'gpt_neox-pythia',
  'gptj',
  'mpt-7b',
  'opt',
  'phi',
  'qwen-v1',
  'stablelm',
] as const
type Name = (typeof names)[number]

const configs = new Map<Name, Config>()
for (const name of names) {
  const url = new URL(`../../fixtures/reference/cases/${name}/config.json`, import.meta.url)
  configs.set(name, JSON.parse(await readFile(url, 'utf8')) as Config)
}

/** The case's config.json with some fields changed; undefined takes one away. */
function changed(name: Name, change: Config): Config {
  const { attn_config, ...fields } = change
  const config: Config = { ...configs.get(name), ...fields }
  if (attn_config === undefined) return config
  return { ...config, attn_config: { ...(config.attn_config as object), ...(attn_config as object) } }
}

function specOf(name: Name, change: Config): DecoderSpec {
  const config = changed(name, change)
  return requireArchitecture(config).spec(config)
}

describe('served:', () => {
  test.each<[Name, Config, object]>([
    ['gpt_neox-pythia', { use_parallel_residual: undefined }, { arrangement: 'parallel' }],
    ['gpt_neox-pythia', { use_parallel_residual: false }, { arrangement: 'serial' }],
    ['gpt_neox-pythia', { rotary_pct: 1, rotary_emb_base: 500 }, { mixer: { rope: { size: 32, theta: 500 } } }],
    ['gpt_neox-pythia', { rotary_pct: undefined }, { mixer: { rope: { size: 8 } } }],
    [
      'gpt_neox-pythia',
      { rotary_pct: undefined, rope_parameters: { partial_rotary_factor: 0.5, rope_theta: 300, rope_type: 'default' } },
      { mixer: { rope: { size: 16, theta: 300 } } },
    ],
    ['gpt_neox-pythia', { hidden_act: 'gelu_fast' }, { feedForward: { activation: 'geluTanh' } }],
    ['gpt_neox-pythia', { hidden_act: 'gelu_new' }, { feedForward: { activation: 'geluTanh' } }],
    ['gpt_neox-pythia', { hidden_act: undefined }, { feedForward: { activation: 'gelu' } }],
    ['gpt_neox-pythia', { attention_bias: false }, { mixer: { qkv: { bias: false }, output: { bias: false } } }],
    [
      'gpt_neox-pythia',
      { rope_scaling: { type: 'linear', factor: 2 } },
      { mixer: { rope: { scaling: { kind: 'linear', factor: 2 } } } },
    ],
    [
      'falcon-7b',
      {},
      {
        arrangement: 'parallel',
        mixer: { kvHeads: 1, alibiSlopes: null, rope: { size: 32 }, qkv: { bias: false } },
        mixerNorm: { name: 'transformer.h.0.input_layernorm' },
        feedForwardNorm: { name: 'transformer.h.0.input_layernorm' },
        feedForward: { activation: 'gelu' },
      },
    ],
    [
      'falcon-40b',
      {},
      {
        arrangement: 'parallel',
        mixer: { kvHeads: 2 },
        mixerNorm: { name: 'transformer.h.0.ln_attn' },
        feedForwardNorm: { name: 'transformer.h.0.ln_mlp' },
      },
    ],
    ['falcon-40b', { num_ln_in_parallel_attn: 1 }, { feedForwardNorm: { name: 'transformer.h.0.input_layernorm' } }],
    [
      'falcon-40b',
      { model_type: 'RefinedWeb', new_decoder_architecture: undefined, num_kv_heads: undefined, n_head_kv: 2 },
      { mixer: { kvHeads: 2 }, mixerNorm: { name: 'transformer.h.0.ln_attn' } },
    ],
    [
      'falcon-rw-alibi',
      {},
      {
        arrangement: 'serial',
        mixer: {
          kvHeads: 4,
          rope: null,
          alibiSlopes: [2 ** -2, 2 ** -4, 2 ** -6, 2 ** -8],
          alibiRounding: 'bfloat16',
          qkv: { bias: true },
        },
        feedForwardNorm: { name: 'transformer.h.0.post_attention_layernorm' },
      },
    ],
    [
      'mpt-7b',
      { attn_config: { alibi_bias_max: 16 } },
      { mixer: { alibiSlopes: [2 ** -4, 2 ** -8, 2 ** -12, 2 ** -16] } },
    ],
    ['mpt-7b', { attn_config: { clip_qkv: 6 } }, { mixer: { clip: 6 } }],
    ['mpt-7b', { attn_config: { softmax_scale: 0.5 } }, { mixer: { scale: 0.5 } }],
    ['mpt-7b', { attn_config: { softmax_scale: null, clip_qkv: null } }, { mixer: { scale: 0.25, clip: null } }],
    ['mpt-7b', { no_bias: false }, { mixerNorm: { bias: true }, mixer: { qkv: { bias: true } } }],
    ['mpt-7b', { expansion_ratio: 2 }, { feedForward: { size: 128 } }],
    [
      'bloom-pow2',
      { n_embed: undefined, hidden_size: 96, n_head: 6, num_attention_heads: undefined },
      { mixer: { heads: 6 } },
    ],
    ['opt', { do_layer_norm_before: false }, { arrangement: 'postNorm' }],
    ['opt', { enable_bias: false }, { mixer: { qkv: { bias: false } }, feedForward: { down: { bias: false } } }],
    ['opt', { layer_norm_elementwise_affine: false }, { mixerNorm: { weight: false, bias: false } }],
    ['opt', { activation_function: 'gelu' }, { feedForward: { activation: 'gelu' } }],
    ['qwen-v1', { no_bias: false }, { mixer: { output: { bias: true } }, feedForward: { gateUp: { bias: true } } }],
    ['qwen-v1', { rotary_emb_base: 1e6 }, { mixer: { rope: { theta: 1e6 } } }],
    ['qwen-v1', { kv_channels: 32 }, { mixer: { headSize: 32 } }],
    ['decilm', { rope_scaling: { type: 'dynamic', factor: 2 } }, { mixer: { rope: { scaling: { kind: 'none' } } } }],
    ['gpt2', { scale_attn_by_inverse_layer_idx: true, scale_attn_weights: false }, { mixer: { scale: 1 } }],
    ['gpt2', { n_inner: 96 }, { feedForward: { size: 96 } }],
    ['gptj', { rotary_dim: 4 }, { mixer: { rope: { size: 4, pairing: 'neighbours' } } }],
    ['phi', { partial_rotary_factor: 0.25 }, { mixer: { rope: { size: 8, pairing: 'halves' } } }],
    ['phi', { num_key_value_heads: null }, { mixer: { kvHeads: 2 } }],
    ['stablelm', { use_parallel_residual: true }, { feedForwardNorm: { name: 'model.layers.0.input_layernorm' } }],
    ['stablelm', { use_qkv_bias: true }, { mixer: { qkv: { bias: true }, output: { bias: false } } }],
    [
      'stablelm',
      {
        model_type: 'stablelm_epoch',
        layer_norm_eps: undefined,
        norm_eps: 1e-3,
        partial_rotary_factor: undefined,
        rope_pct: 0.5,
      },
      { mixerNorm: { epsilon: 1e-3 }, mixer: { rope: { size: 16 } } },
    ],
    ['chatglm2', {}, { mixer: { kvHeads: 2, rope: { size: 8, theta: 10_000, pairing: 'neighbours' } } }],
    [
      'chatglm2',
      { add_bias_linear: true },
      { mixer: { output: { bias: true } }, feedForward: { down: { bias: true } } },
    ],
    ['chatglm2', { rmsnorm: false }, { mixerNorm: { kind: 'layer', bias: true } }],
    [
      'chatglm2',
      { _name_or_path: 'THUDM/chatglm3-6b-32k', rope_ratio: 50 },
      { mixer: { rope: { theta: 500_000, scaling: { kind: 'none' } } } },
    ],
    [
      'chatglm2',
      { _name_or_path: 'THUDM/chatglm2-6b-32k', rope_ratio: 16 },
      { mixer: { rope: { theta: 10_000, scaling: { kind: 'linear', factor: 16 } } } },
    ],
  ])('%s with %j', (name, change, layer) => {
    expect(specOf(name, change).layers[0]).toMatchObject(layer)
  })

  test.each<[Name, Config, object]>([
    ['falcon-7b', { tie_word_embeddings: false }, { head: { tied: false, linear: { name: 'lm_head' } } }],
    ['falcon-7b', {}, { contextTokens: 2048, head: { tied: true } }],
    ['mpt-7b', { logit_scale: 'inv_sqrt_d_model' }, { head: { scale: 0.125 } }],
    ['mpt-7b', { logit_scale: 3 }, { head: { scale: 3 } }],
    ['mpt-7b', { learned_pos_emb: true }, { embedding: { positions: null } }],
    [
      'mpt-7b',
      { attn_config: { alibi: false } },
      { embedding: { positions: { name: 'transformer.wpe', rows: 512, offset: 0 } } },
    ],
    ['bloom-pow2', {}, { embedding: { norm: { name: 'transformer.word_embeddings_layernorm' } } }],
    ['opt', {}, { embedding: { positions: { rows: 130, offset: 2 }, projection: null } }],
    ['opt', { do_layer_norm_before: false }, { head: { norm: null } }],
    ['opt', { _remove_final_layer_norm: true }, { head: { norm: null } }],
    [
      'opt',
      { word_embed_proj_dim: 32 },
      {
        embedding: { size: 32, projection: { name: 'model.decoder.project_in', bias: false } },
        head: { projection: { name: 'model.decoder.project_out', bias: false } },
      },
    ],
    ['qwen-v1', { seq_length: 2048 }, { contextTokens: 2048 }],
    ['chatglm2', { post_layer_norm: false }, { head: { norm: null } }],
    ['gptj', {}, { head: { tied: false, linear: { name: 'lm_head', bias: true } } }],
  ])('%s with %j as a whole', (name, change, spec) => {
    expect(specOf(name, change)).toMatchObject(spec)
  })

  test('each layer of DeciLM has its own number of KV heads', () => {
    const kvHeads = specOf('decilm', {}).layers.map(({ mixer }) => (mixer.kind === 'attention' ? mixer.kvHeads : 0))
    expect(kvHeads).toEqual([4, 2, 1])
  })

  test("GPT-2's scale by layer divides by the layer's number", () => {
    const layers = specOf('gpt2', { scale_attn_by_inverse_layer_idx: true }).layers
    expect(layers.map(({ mixer }) => mixer.kind === 'attention' && mixer.scale)).toEqual([0.25, 0.125])
  })
})

describe('refused by the name of the field:', () => {
  test.each<[Name, Config, string]>([
    ['gpt_neox-pythia', { hidden_act: 'tanh' }, 'hidden_act: "\\"tanh\\"", expected "gelu" or'],
    ['gpt_neox-pythia', { rotary_pct: 0.01 }, 'rotary_pct: turns 0 of 32 elements'],
    ['gpt_neox-pythia', { rotary_pct: 0.1 }, 'rotary_pct: turns 3 of 32 elements, expected an even number'],
    ['gpt_neox-pythia', { rotary_pct: 1.5 }, 'rotary_pct: "1.5"'],
    ['gpt_neox-pythia', { rotary_emb_base: 0 }, 'rotary_emb_base: "0"'],
    ['gpt_neox-pythia', { rope_scaling: { type: 'dynamic', factor: 2 } }, 'rope_scaling.type: "dynamic"'],
    ['gpt_neox-pythia', { num_attention_heads: 3 }, 'num_attention_heads: 3 does not divide'],
    ['gpt_neox-pythia', { layer_norm_eps: 0 }, 'layer_norm_eps: "0"'],
    ['falcon-7b', { apply_residual_connection_post_layernorm: true }, 'apply_residual_connection_post_layernorm: true'],
    ['falcon-7b', { num_attention_heads: undefined }, 'num_attention_heads: missing'],
    ['falcon-7b', { alibi: 'yes' }, 'alibi: "\\"yes\\"", expected true or false'],
    ['falcon-40b', { num_kv_heads: 3 }, 'num_kv_heads: 3 does not divide 4 heads'],
    ['falcon-40b', { num_ln_in_parallel_attn: 3 }, 'num_ln_in_parallel_attn: "3"'],
    ['mpt-7b', { attn_config: { qk_ln: true } }, 'qk_ln: true is not supported'],
    ['mpt-7b', { attn_config: { prefix_lm: true } }, 'prefix_lm: true is not supported'],
    ['mpt-7b', { attn_config: { rope: true } }, 'rope: true is not supported'],
    [
      'mpt-7b',
      { attn_config: { attn_type: 'grouped_query_attention' } },
      'attn_type: "grouped_query_attention" is not supported',
    ],
    ['mpt-7b', { attn_config: { alibi: false }, learned_pos_emb: false }, 'learned_pos_emb: false is not supported'],
    ['mpt-7b', { attn_config: { alibi_bias_max: 0 } }, 'alibi_bias_max: "0"'],
    ['mpt-7b', { attn_config: { clip_qkv: -1 } }, 'clip_qkv: "-1"'],
    ['mpt-7b', { norm_type: 'rmsnorm' }, 'norm_type: "rmsnorm" is not supported'],
    ['mpt-7b', { ffn_config: { ffn_type: 'mb_moe' } }, 'ffn_type: "mb_moe" is not supported'],
    ['mpt-7b', { logit_scale: 'big' }, 'logit_scale: "\\"big\\""'],
    ['mpt-7b', { expansion_ratio: 0.3 }, 'expansion_ratio: 19 is not a multiple of 4'],
    ['mpt-7b', { d_model: undefined }, 'd_model: missing'],
    [
      'bloom-pow2',
      { apply_residual_connection_post_layernorm: true },
      'apply_residual_connection_post_layernorm: true',
    ],
    ['bloom-pow2', { n_inner: 128 }, 'n_inner: 128 is not supported, expected 256'],
    ['bloom-pow2', { num_attention_heads: undefined }, 'n_head: missing'],
    ['opt', { word_embed_proj_dim: 30 }, 'word_embed_proj_dim: 30 is not a multiple of 4'],
    ['opt', { activation_function: 'quick_gelu' }, 'activation_function: "\\"quick_gelu\\""'],
    ['opt', { enable_bias: 1 }, 'enable_bias: "1", expected true or false'],
    ['qwen-v1', { intermediate_size: 324 }, 'intermediate_size: 324 is not twice a multiple of 4'],
    ['qwen-v1', { scale_attn_weights: false }, 'scale_attn_weights: false is not supported'],
    [
      'decilm',
      { num_key_value_heads_per_layer: undefined },
      'num_key_value_heads_per_layer: expected a list of 3 numbers',
    ],
    [
      'decilm',
      { num_key_value_heads_per_layer: [4, 2] },
      'num_key_value_heads_per_layer: expected a list of 3 numbers',
    ],
    ['decilm', { num_key_value_heads_per_layer: [4, 3, 1] }, 'num_key_value_heads_per_layer.1: 3, expected'],
    ['decilm', { num_key_value_heads_per_layer: [4, '2', 1] }, 'num_key_value_heads_per_layer.1: "2", expected'],
    ['decilm', { rope_scaling: { type: 'yarn', factor: 2 } }, 'rope_scaling.type: "yarn"'],
    ['gpt2', { add_cross_attention: true }, 'add_cross_attention: true is not supported'],
    ['gpt2', { n_embd: 66 }, 'n_embd: 66 is not a multiple of 4'],
    ['gptj', { rotary_dim: 3 }, 'rotary_dim: 3 is not even'],
    ['gptj', { rotary_dim: 64 }, 'rotary_dim: "64", expected a whole number from 2 to 32'],
    ['gptj', { tie_word_embeddings: true }, 'tie_word_embeddings: true is not supported'],
    ['phi', { qk_layernorm: true }, 'qk_layernorm: true is not supported'],
    ['phi', { tie_word_embeddings: true }, 'tie_word_embeddings: true is not supported'],
    ['stablelm', { qk_layernorm: true }, 'qk_layernorm: true is not supported'],
    ['stablelm', { hidden_act: 'gelu' }, 'hidden_act: "\\"gelu\\""'],
    ['chatglm2', { multi_query_attention: false }, 'multi_query_attention: false is not supported'],
    ['chatglm2', { original_rope: false }, 'original_rope: false is not supported'],
    ['chatglm2', { apply_residual_connection_post_layernorm: true }, 'apply_residual_connection_post_layernorm: true'],
    ['chatglm2', { pre_seq_len: 128 }, 'pre_seq_len: 128 is not supported, expected null'],
    ['chatglm2', { quantization_bit: 4 }, 'quantization_bit: 4 is not supported, expected 0'],
    ['chatglm2', { multi_query_group_num: 3 }, 'multi_query_group_num: 3 does not divide 4 heads'],
  ])('%s with %j', (name, change, problem) => {
    expect(() => specOf(name, change)).toThrow(CompileError)
    expect(() => specOf(name, change)).toThrow(`config.json: ${problem}`)
  })
})

test.each(names)('%s: a field of the wrong kind is an error that names a field, never anything else', (name) => {
  for (const field of Object.keys(configs.get(name) ?? {}))
    for (const value of [-1, 0, 1.5, 1e300, 'x', '__proto__', [], [1], {}, true, false, null]) {
      try {
        specOf(name, field === 'attn_config' ? { extra: value } : { [field]: value })
      } catch (error) {
        expect(error, `${field} ${JSON.stringify(value)}`).toBeInstanceOf(CompileError)
      }
    }
})
