// Names, shapes and dtypes of the parameters are those of mlc-llm wherever it has the architecture, so that weights published in its format run.
// Written down from mlc-llm, commit 79d603f085f50500e9509fa01785ffa7ecfaaa93: python/mlc_llm/model/<architecture>/<architecture>_model.py for names
// and shapes, and python/mlc_llm/quantization/group_quantization.py for what q4f16_1 makes of them.
import { expect, test } from 'vitest'
import { requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import { parametersOfModel } from '../../../shared/compiler/graph/parameters.ts'

type Parameter = readonly [name: string, shape: readonly number[], dtype: string]

/** nn.Linear or nn.Embedding. */
function matrix(name: string, outputs: number, inputs: number): readonly Parameter[] {
  return [
    [`${name}.q_weight`, [outputs, inputs / 8], 'uint32'],
    [`${name}.q_scale`, [outputs, inputs / 32], 'float16'],
  ]
}

function linear(name: string, outputs: number, inputs: number): readonly Parameter[] {
  return [...matrix(name, outputs, inputs), vector(`${name}.bias`, outputs)]
}

function vector(name: string, size: number): Parameter {
  return [name, [size], 'float16']
}

function layerNorm(name: string, size: number): readonly Parameter[] {
  return [vector(`${name}.weight`, size), vector(`${name}.bias`, size)]
}

/** Sorted by name: web-llm and the runtime find parameters by name. */
function stored(config: unknown): readonly Parameter[] {
  const { spec, weights } = requireArchitecture(config)
  return parametersOfModel(weights(spec(config)), 'q4f16_1')
    .map(({ name, shape, dtype }): Parameter => [name, shape, dtype])
    .sort(byName)
}

function byName([one]: Parameter, [other]: Parameter): number {
  return one < other ? -1 : 1
}

const gptNeox = {
  model_type: 'gpt_neox',
  hidden_size: 64,
  intermediate_size: 160,
  num_attention_heads: 2,
  num_hidden_layers: 1,
  vocab_size: 99,
}

const qwen = {
  model_type: 'qwen',
  hidden_size: 64,
  intermediate_size: 192,
  kv_channels: 32,
  num_attention_heads: 2,
  num_hidden_layers: 1,
  vocab_size: 99,
}

const chatglm = {
  model_type: 'chatglm',
  hidden_size: 128,
  ffn_hidden_size: 160,
  kv_channels: 32,
  num_attention_heads: 4,
  multi_query_group_num: 2,
  num_layers: 1,
  padded_vocab_size: 99,
  add_qkv_bias: true,
}

const gptj = { model_type: 'gptj', n_embd: 64, n_head: 2, n_layer: 1, rotary_dim: 8, vocab_size: 99 }

const phi = {
  model_type: 'phi',
  hidden_size: 64,
  intermediate_size: 160,
  num_attention_heads: 2,
  num_hidden_layers: 1,
  vocab_size: 99,
}

const stablelm = { ...phi, model_type: 'stablelm', num_key_value_heads: 1, use_qkv_bias: true }

test.each<[string, object, readonly Parameter[]]>([
  [
    'gpt_neox',
    gptNeox,
    [
      ...matrix('gpt_neox.embed_in', 99, 64),
      ...layerNorm('gpt_neox.layers.0.input_layernorm', 64),
      ...layerNorm('gpt_neox.layers.0.post_attention_layernorm', 64),
      ...linear('gpt_neox.layers.0.attention.query_key_value', 192, 64),
      ...linear('gpt_neox.layers.0.attention.dense', 64, 64),
      ...linear('gpt_neox.layers.0.mlp.dense_h_to_4h', 160, 64),
      ...linear('gpt_neox.layers.0.mlp.dense_4h_to_h', 64, 160),
      ...layerNorm('gpt_neox.final_layer_norm', 64),
      ...matrix('embed_out', 99, 64),
    ],
  ],
  [
    'qwen',
    qwen,
    [
      ...matrix('transformer.wte', 99, 64),
      ...linear('transformer.h.0.attn.c_attn', 192, 64),
      ...matrix('transformer.h.0.attn.c_proj', 64, 64),
      ...matrix('transformer.h.0.mlp.gate_up_proj', 192, 64),
      ...matrix('transformer.h.0.mlp.c_proj', 64, 96),
      vector('transformer.h.0.ln_1.weight', 64),
      vector('transformer.h.0.ln_2.weight', 64),
      vector('transformer.ln_f.weight', 64),
      ...matrix('lm_head', 99, 64),
    ],
  ],
  [
    'chatglm3',
    chatglm,
    [
      ...matrix('transformer.embedding', 99, 128),
      ...linear('transformer.encoder.layers.0.self_attention.query_key_value', 256, 128),
      ...matrix('transformer.encoder.layers.0.self_attention.dense', 128, 128),
      ...matrix('transformer.encoder.layers.0.mlp.dense_h_to_4h', 320, 128),
      ...matrix('transformer.encoder.layers.0.mlp.dense_4h_to_h', 128, 160),
      vector('transformer.encoder.layers.0.input_layernorm.weight', 128),
      vector('transformer.encoder.layers.0.post_attention_layernorm.weight', 128),
      vector('transformer.encoder.final_layernorm.weight', 128),
      ...matrix('transformer.output_layer', 99, 128),
    ],
  ],
  [
    'gpt_j',
    gptj,
    [
      ...matrix('transformer.wte', 99, 64),
      ...layerNorm('transformer.h.0.ln_1', 64),
      ...matrix('transformer.h.0.attn.c_attn', 192, 64),
      ...matrix('transformer.h.0.attn.out_proj', 64, 64),
      ...linear('transformer.h.0.mlp.fc_in', 256, 64),
      ...linear('transformer.h.0.mlp.fc_out', 64, 256),
      ...layerNorm('transformer.ln_f', 64),
      ...linear('lm_head', 99, 64),
    ],
  ],
  [
    'phi',
    phi,
    [
      ...matrix('transformer.embd', 99, 64),
      ...layerNorm('transformer.h.0.ln', 64),
      ...linear('transformer.h.0.mixer.Wqkv', 192, 64),
      ...linear('transformer.h.0.mixer.out_proj', 64, 64),
      ...linear('transformer.h.0.mlp.fc1', 160, 64),
      ...linear('transformer.h.0.mlp.fc2', 64, 160),
      ...layerNorm('lm_head.ln', 64),
      ...linear('lm_head.linear', 99, 64),
    ],
  ],
  [
    'stable_lm',
    stablelm,
    [
      ...matrix('model.embed_tokens', 99, 64),
      ...linear('model.layers.0.self_attn.qkv_proj', 128, 64),
      ...matrix('model.layers.0.self_attn.o_proj', 64, 64),
      ...matrix('model.layers.0.mlp.gate_up_proj', 320, 64),
      ...matrix('model.layers.0.mlp.down_proj', 64, 160),
      ...layerNorm('model.layers.0.input_layernorm', 64),
      ...layerNorm('model.layers.0.post_attention_layernorm', 64),
      ...layerNorm('model.norm', 64),
      ...matrix('lm_head', 99, 64),
    ],
  ],
  [
    'gpt2, but for its second copy of the embedding and its quantized positions',
    { model_type: 'gpt2', n_embd: 64, n_head: 2, n_layer: 1, n_positions: 48, vocab_size: 99 },
    [
      ...matrix('transformer.wte', 99, 64),
      ['transformer.wpe.weight', [48, 64], 'float16'],
      ...layerNorm('transformer.h.0.ln_1', 64),
      ...linear('transformer.h.0.attn.c_attn', 192, 64),
      ...linear('transformer.h.0.attn.c_proj', 64, 64),
      ...layerNorm('transformer.h.0.ln_2', 64),
      ...linear('transformer.h.0.mlp.c_fc', 256, 64),
      ...linear('transformer.h.0.mlp.c_proj', 64, 256),
      ...layerNorm('transformer.ln_f', 64),
    ],
  ],
])('%s', (_, config, mlc) => {
  expect(stored(config)).toEqual([...mlc].sort(byName))
})

test('gpt_neox_loader.py, transform_qkv_layout: rows stored as [head, 3, head size] become all queries, all keys, all values', () => {
  const config = { ...gptNeox, num_attention_heads: 4 }
  const { spec, weights } = requireArchitecture(config)
  const rule = weights(spec(config)).find(({ name }) => name.endsWith('query_key_value.weight'))
  const taken = rule?.sources.flatMap(({ rows = [] }) => rows.flatMap(([at, count]) => range(at, count)))
  const transformed = [0, 1, 2].flatMap((part) => range(0, 4).flatMap((head) => range((3 * head + part) * 16, 16)))
  expect(taken).toEqual(transformed)
})

test.each([
  [
    'queries, keys and values of Phi',
    phi,
    'mixer.Wqkv.bias',
    ['q_proj', 'k_proj', 'v_proj'],
    'model.layers.0.self_attn',
  ],
  ['of StableLM', stablelm, 'qkv_proj.bias', ['q_proj', 'k_proj', 'v_proj'], 'model.layers.0.self_attn'],
  ['of GPT-J', gptj, 'c_attn.weight', ['q_proj', 'k_proj', 'v_proj'], 'transformer.h.0.attn'],
  ["halves of Qwen's feed-forward", qwen, 'gate_up_proj.weight', ['w1', 'w2'], 'transformer.h.0.mlp'],
])('%s are stacked in the order of the loader', (_, config, ending, parts, at) => {
  const { spec, weights } = requireArchitecture(config)
  const rule = weights(spec(config)).find(({ name }) => name.endsWith(ending))
  const kind = ending.split('.').at(-1)
  expect(rule?.sources.map(({ tensor }) => tensor)).toEqual(parts.map((part) => `${at}.${part}.${kind}`))
})

test("phi_loader.py: phi-2 as Microsoft first published it has MLC's names but for the embedding", () => {
  const config = {
    model_type: 'phi-msft',
    n_embd: 64,
    n_head: 2,
    n_layer: 1,
    n_inner: null,
    n_head_kv: null,
    n_positions: 48,
    rotary_dim: 16,
    vocab_size: 99,
  }
  const { spec, weights } = requireArchitecture(config)
  const model = spec(config)
  expect(model.layers[0]).toMatchObject({ mixer: { kvHeads: 2, rope: { size: 16 } }, feedForward: { size: 256 } })
  for (const { name, sources } of weights(model))
    expect(sources.map(({ tensor }) => tensor)).toEqual([
      name === 'transformer.embd.weight' ? 'transformer.embd.wte.weight' : name,
    ])
})

function range(start: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => start + index)
}
