// Which parameters a Llama has and from which tensors they are made, against what mlc-llm builds.
import { expect, test } from 'vitest'
import { llama } from '../../../shared/compiler/architectures/llama.ts'
import { parametersOfModel } from '../../../shared/compiler/graph/parameters.ts'
import { llama2 } from '../../support/llama2.ts'

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
