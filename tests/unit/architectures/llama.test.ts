import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import { llama } from '../../../shared/compiler/architectures/llama.ts'
import { parametersOfModel } from '../../../shared/compiler/graph/parameters.ts'
import { CompileError } from '../../../shared/errors.ts'

/** config.json of Llama-2-7B as transformers writes it. */
const llama2 = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  bos_token_id: 1,
  eos_token_id: 2,
  hidden_act: 'silu',
  hidden_size: 4096,
  initializer_range: 0.02,
  intermediate_size: 11_008,
  max_position_embeddings: 4096,
  num_attention_heads: 32,
  num_hidden_layers: 32,
  num_key_value_heads: 32,
  pretraining_tp: 1,
  rms_norm_eps: 1e-5,
  rope_scaling: null,
  tie_word_embeddings: false,
  torch_dtype: 'float16',
  use_cache: true,
  vocab_size: 32_000,
}

interface MlcConfig {
  readonly hidden: number
  readonly intermediate: number
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
  readonly layers: number
  readonly vocabulary: number
  readonly tied: boolean
}
type MlcParameter = readonly [name: string, shape: readonly number[], dtype: string]

/**
 * What mlc-llm (commit 01ced331a9e155c5ba4e7625b027a51bee611450) builds for q4f16_1, written down from its definitions, in the order in which the
 * modules register their parameters:
 * - model/llama/llama_model.py: LlamaForCausalLM = model (embed_tokens, layers, norm) and, unless tie_word_embeddings, lm_head. A layer = self_attn
 *   (qkv_proj: hidden -> (heads + 2 * kv heads) * head_dim, o_proj: heads * head_dim -> hidden), mlp (gate_up_proj: hidden -> 2 * intermediate,
 *   down_proj: intermediate -> hidden), input_layernorm, post_attention_layernorm. No Linear has a bias.
 * - quantization/quantization.py: q4f16_1 = groups of 32, int4 in uint32, model_dtype float16, layout NK, quantize_embedding, quantize_final_fc.
 * - quantization/group_quantization.py: every Linear and Embedding becomes q_weight uint32 [out, 4 * ceildiv(in, 32)] and q_scale model_dtype
 *   [out, ceildiv(in, 32)]; all others keep `weight` in model_dtype.
 */
function mlcParameters(config: MlcConfig): readonly MlcParameter[] {
  const quantized = (name: string, inputs: number, outputs: number): MlcParameter[] => [
    [`${name}.q_weight`, [outputs, 4 * Math.ceil(inputs / 32)], 'uint32'],
    [`${name}.q_scale`, [outputs, Math.ceil(inputs / 32)], 'float16'],
  ]
  const norm = (name: string): MlcParameter => [`${name}.weight`, [config.hidden], 'float16']
  const parameters = quantized('model.embed_tokens', config.hidden, config.vocabulary)
  for (let layer = 0; layer < config.layers; layer++) {
    const at = `model.layers.${layer}`
    parameters.push(
      ...quantized(`${at}.self_attn.qkv_proj`, config.hidden, (config.heads + 2 * config.kvHeads) * config.headDim),
      ...quantized(`${at}.self_attn.o_proj`, config.heads * config.headDim, config.hidden),
      ...quantized(`${at}.mlp.gate_up_proj`, config.hidden, 2 * config.intermediate),
      ...quantized(`${at}.mlp.down_proj`, config.intermediate, config.hidden),
      norm(`${at}.input_layernorm`),
      norm(`${at}.post_attention_layernorm`),
    )
  }
  parameters.push(norm('model.norm'))
  if (!config.tied) parameters.push(...quantized('lm_head', config.hidden, config.vocabulary))
  return parameters
}

function stored(config: unknown): readonly MlcParameter[] {
  const rules = llama.weights(llama.spec(config))
  return parametersOfModel(rules, 'q4f16_1').map(({ name, shape, dtype }) => [name, shape, dtype])
}

test('names, shapes, dtypes and order of the parameters of Llama-2-7B in q4f16_1 are those of mlc-llm', () => {
  const mlc = mlcParameters({
    hidden: 4096,
    intermediate: 11_008,
    heads: 32,
    kvHeads: 32,
    headDim: 128,
    layers: 32,
    vocabulary: 32_000,
    tied: false,
  })
  expect(stored(llama2)).toEqual(mlc)
  expect(mlc.length).toBe(325)
})

test('so are those of a grouped-query model with tied embeddings, other head sizes and an odd vocabulary', () => {
  const config = {
    ...llama2,
    hidden_size: 288,
    intermediate_size: 772,
    num_attention_heads: 6,
    num_key_value_heads: 2,
    head_dim: 64,
    num_hidden_layers: 2,
    vocab_size: 32_001,
    tie_word_embeddings: true,
  }
  const mlc = mlcParameters({
    hidden: 288,
    intermediate: 772,
    heads: 6,
    kvHeads: 2,
    headDim: 64,
    layers: 2,
    vocabulary: 32_001,
    tied: true,
  })
  expect(stored(config)).toEqual(mlc)
})

test('fused matrices stack q, k, v and gate, up, as llama_loader.py concatenates them along axis 0', () => {
  const rules = llama.weights(llama.spec({ ...llama2, num_key_value_heads: 8 }))
  const sourcesOf = (name: string) => rules.find((rule) => rule.name === name)?.sources
  expect(sourcesOf('model.layers.31.self_attn.qkv_proj.weight')).toEqual([
    { tensor: 'model.layers.31.self_attn.q_proj.weight', shape: [4096, 4096] },
    { tensor: 'model.layers.31.self_attn.k_proj.weight', shape: [1024, 4096] },
    { tensor: 'model.layers.31.self_attn.v_proj.weight', shape: [1024, 4096] },
  ])
  expect(sourcesOf('model.layers.0.mlp.gate_up_proj.weight')).toEqual([
    { tensor: 'model.layers.0.mlp.gate_proj.weight', shape: [11_008, 4096] },
    { tensor: 'model.layers.0.mlp.up_proj.weight', shape: [11_008, 4096] },
  ])
})

test('biases are fused like their matrices and stay float', () => {
  const rules = llama.weights(llama.spec({ ...llama2, num_hidden_layers: 1, attention_bias: true, mlp_bias: true }))
  const biases = rules.filter(({ name }) => name.endsWith('.bias')).map(({ name, kind, shape }) => [name, kind, shape])
  expect(biases).toEqual([
    ['model.layers.0.self_attn.qkv_proj.bias', 'float', [3 * 4096]],
    ['model.layers.0.self_attn.o_proj.bias', 'float', [4096]],
    ['model.layers.0.mlp.gate_up_proj.bias', 'float', [2 * 11_008]],
    ['model.layers.0.mlp.down_proj.bias', 'float', [4096]],
  ])
})

test('an old LLaMA configuration gets the defaults of its time', () => {
  const { num_key_value_heads: _, rope_scaling: __, tie_word_embeddings: ___, hidden_act: ____, ...old } = llama2
  const spec = llama.spec({ ...old, max_position_embeddings: undefined, rms_norm_eps: 1e-6 })
  expect(spec).toMatchObject({
    contextTokens: 2048,
    head: { tied: false, norm: { kind: 'rms', epsilon: 1e-6 } },
    bosTokenId: 1,
    eosTokenIds: [2],
  })
  expect(spec.layers[31]).toMatchObject({
    mixer: { kvHeads: 32, headSize: 128, qkv: { bias: false }, output: { bias: false }, rope: { theta: 10_000 } },
    feedForward: { gateUp: { bias: false }, down: { bias: false } },
  })
})

const llama31 = {
  rope_type: 'llama3',
  factor: 8,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 8192,
}

test.each([
  [{ rope_scaling: { type: 'linear', factor: 4 } }, { theta: 10_000, scaling: { kind: 'linear', factor: 4 } }],
  [{ rope_scaling: { rope_type: 'linear', factor: 2.5 } }, { theta: 10_000, scaling: { kind: 'linear', factor: 2.5 } }],
  [
    { rope_scaling: { rope_type: 'default' }, rope_theta: 5e6 },
    { theta: 5e6, scaling: { kind: 'none' } },
  ],
  [
    { rope_parameters: { rope_type: 'linear', factor: 8, rope_theta: 1e6 } },
    { theta: 1e6, scaling: { kind: 'linear', factor: 8 } },
  ],
  [{ rope_parameters: { rope_theta: 500 } }, { theta: 500, scaling: { kind: 'none' } }],
  [
    { rope_scaling: llama31, rope_theta: 500_000 },
    {
      theta: 500_000,
      scaling: {
        kind: 'llama3',
        factor: 8,
        lowFrequencyFactor: 1,
        highFrequencyFactor: 4,
        originalContextTokens: 8192,
      },
    },
  ],
])('rotary settings %j are read', (change, expected) => {
  for (const { mixer } of llama.spec({ ...llama2, ...change }).layers)
    expect(mixer).toMatchObject({ rope: { size: 128, pairing: 'halves', ...expected } })
})

test('several end tokens are kept; null means none', () => {
  expect(llama.spec({ ...llama2, eos_token_id: [2, 7] }).eosTokenIds).toEqual([2, 7])
  expect(llama.spec({ ...llama2, eos_token_id: null, bos_token_id: null })).toMatchObject({
    eosTokenIds: [],
    bosTokenId: null,
  })
})

describe('a configuration is refused by the name of its field:', () => {
  test.each<[object, string]>([
    [{ hidden_size: 0 }, 'hidden_size: "0", expected a whole number from 4 to 131072'],
    [{ hidden_size: -1 }, 'hidden_size: "-1"'],
    [{ hidden_size: 1.5 }, 'hidden_size: "1.5"'],
    [{ hidden_size: 1e9 }, 'hidden_size: "1000000000"'],
    [{ hidden_size: '4096' }, 'hidden_size: "\\"4096\\""'],
    [{ hidden_size: undefined }, 'hidden_size: missing'],
    [{ hidden_size: 4095, num_attention_heads: 1 }, 'hidden_size: 4095 is not a multiple of 4'],
    [{ intermediate_size: 11_007 }, 'intermediate_size: 11007 is not a multiple of 4'],
    [{ intermediate_size: 0 }, 'intermediate_size: "0"'],
    [{ intermediate_size: [1] }, 'intermediate_size: "[1]"'],
    [{ num_hidden_layers: 1_000_000 }, 'num_hidden_layers: "1000000"'],
    [{ num_hidden_layers: 0 }, 'num_hidden_layers: "0"'],
    [
      { num_attention_heads: 30, num_key_value_heads: 30 },
      'num_attention_heads: 30 does not divide a hidden size of 4096',
    ],
    [{ num_attention_heads: 0 }, 'num_attention_heads: "0"'],
    [{ num_attention_heads: 2048 }, 'num_attention_heads: "2048"'],
    [
      { hidden_size: 96, num_attention_heads: 16, num_key_value_heads: 16 },
      'num_attention_heads: heads of 6, not a multiple of 4',
    ],
    [{ num_key_value_heads: 5 }, 'num_key_value_heads: 5 does not divide 32 heads'],
    [{ num_key_value_heads: 64 }, 'num_key_value_heads: 64 does not divide'],
    [{ head_dim: 126 }, 'head_dim: heads of 126'],
    [{ head_dim: 0 }, 'head_dim: "0"'],
    [{ head_dim: 512 }, 'head_dim: "512"'],
    [{ vocab_size: 0 }, 'vocab_size: "0"'],
    [{ vocab_size: 1e8 }, 'vocab_size: "100000000"'],
    [{ vocab_size: '__proto__' }, 'vocab_size'],
    [{ max_position_embeddings: -5 }, 'max_position_embeddings: "-5"'],
    [{ rms_norm_eps: 0 }, 'rms_norm_eps: "0"'],
    [{ rms_norm_eps: 'x' }, 'rms_norm_eps'],
    [{ rms_norm_eps: 1e308 }, 'rms_norm_eps'],
    [{ rope_theta: Number.NaN }, 'rope_theta: "null", expected a number'],
    [{ rope_theta: 0 }, 'rope_theta: "0"'],
    [{ rope_theta: -10_000 }, 'rope_theta'],
    [{ rope_theta: Number.POSITIVE_INFINITY }, 'rope_theta'],
    [{ rope_scaling: { type: 'dynamic', factor: 2 } }, 'rope_scaling.type: "dynamic", expected "linear"'],
    [{ rope_scaling: { rope_type: 'llama3', factor: 8 } }, 'low_freq_factor: missing'],
    [
      { rope_scaling: { ...llama31, high_freq_factor: 1 } },
      'rope_scaling.high_freq_factor: is not greater than low_freq_factor',
    ],
    [{ rope_scaling: { ...llama31, original_max_position_embeddings: 0 } }, 'original_max_position_embeddings: "0"'],
    [{ rope_scaling: { type: 'yarn', factor: 8 } }, 'rope_scaling.type: "yarn"'],
    [{ rope_scaling: { factor: 2 } }, 'rope_scaling.type: missing'],
    [{ rope_scaling: { type: 'linear' } }, 'rope_scaling.factor: missing'],
    [{ rope_scaling: { type: 'linear', factor: 0 } }, 'rope_scaling.factor: 0'],
    [{ rope_scaling: { type: 'linear', factor: '2' } }, 'rope_scaling.factor: "2"'],
    [{ rope_scaling: 'linear' }, 'rope_scaling: "\\"linear\\"", expected an object or null'],
    [{ rope_scaling: [] }, 'rope_scaling'],
    [{ hidden_act: 'gelu' }, 'hidden_act: "\\"gelu\\"", expected "silu"'],
    [{ attention_bias: 'yes' }, 'attention_bias: "\\"yes\\"", expected true or false'],
    [{ mlp_bias: 1 }, 'mlp_bias'],
    [{ tie_word_embeddings: 'false' }, 'tie_word_embeddings'],
    [{ bos_token_id: 32_000 }, 'bos_token_id: "32000", expected token ids below 32000'],
    [{ eos_token_id: [2, -1] }, 'eos_token_id'],
    [{ eos_token_id: 2.5 }, 'eos_token_id'],
    [{ eos_token_id: Array.from({ length: 65 }, () => 1) }, 'eos_token_id'],
    [{ partial_rotary_factor: 0.5 }, 'partial_rotary_factor: "0.5"'],
    [{ quantization_config: { bits: 4 } }, 'quantization_config: the weights are already quantized'],
  ])('%j', (change, problem) => {
    const spec = () => llama.spec({ ...llama2, ...change })
    expect(spec).toThrow(CompileError)
    expect(spec).toThrow(`config.json: ${problem}`)
  })

  test.each([
    [{ ...llama2, model_type: 'llama9' }, 'config.json: model_type: "llama9", expected one of llama'],
    [{ ...llama2, model_type: undefined }, 'config.json: model_type: missing'],
    [{ ...llama2, model_type: ['llama'] }, 'config.json: model_type: ["llama"]'],
    [{ ...llama2, model_type: 'constructor' }, 'config.json: model_type'],
    [JSON.parse('{"__proto__":{"model_type":"llama"}}'), 'config.json: model_type: missing'],
    [[], 'config.json: expected a JSON object'],
    [null, 'config.json: expected a JSON object'],
    ['llama', 'config.json: expected a JSON object'],
  ])('no architecture for %j', (config, problem) => {
    expect(() => requireArchitecture(config)).toThrow(problem)
  })
})

test('stored rotary tables and the copy of a tied head are ignorable, nothing else', () => {
  const ignores = (tied: boolean, name: string) =>
    llama.ignorable(llama.spec({ ...llama2, tie_word_embeddings: tied })).some((pattern) => pattern.test(name))
  expect(ignores(false, 'model.layers.31.self_attn.rotary_emb.inv_freq')).toBe(true)
  expect(ignores(false, 'model.rotary_emb.inv_freq')).toBe(true)
  expect(ignores(false, 'lm_head.weight')).toBe(false)
  expect(ignores(true, 'lm_head.weight')).toBe(true)
  expect(ignores(true, 'lm_head.weight2')).toBe(false)
  expect(ignores(true, 'xmodel.layers.0.self_attn.rotary_emb.inv_freq')).toBe(false)
})

test('the reference checkpoints resolve', async () => {
  for (const name of ['llama-mha', 'llama-gqa', 'llama-linear-rope-tied', 'llama-attnbias', 'llama-bf16-sharded']) {
    const path = new URL(`../../fixtures/reference/cases/${name}/config.json`, import.meta.url)
    const config: unknown = JSON.parse(await readFile(path, 'utf8'))
    expect(requireArchitecture(config).spec(config).layers.length).toBe(2)
  }
})
