import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import { mixtral } from '../../../shared/compiler/architectures/mixtral.ts'
import { parametersOfModel } from '../../../shared/compiler/graph/parameters.ts'
import { CompileError } from '../../../shared/errors.ts'

/** config.json of mistralai/Mixtral-8x7B-v0.1, and of its Instruct, as transformers 4.36 writes it. */
const mixtral8x7b = {
  architectures: ['MixtralForCausalLM'],
  model_type: 'mixtral',
  bos_token_id: 1,
  eos_token_id: 2,
  hidden_act: 'silu',
  hidden_size: 4096,
  initializer_range: 0.02,
  intermediate_size: 14_336,
  max_position_embeddings: 32_768,
  num_attention_heads: 32,
  num_experts_per_tok: 2,
  num_hidden_layers: 32,
  num_key_value_heads: 8,
  num_local_experts: 8,
  output_router_logits: false,
  rms_norm_eps: 1e-5,
  rope_theta: 1e6,
  router_aux_loss_coef: 0.02,
  sliding_window: null,
  tie_word_embeddings: false,
  torch_dtype: 'bfloat16',
  use_cache: true,
  vocab_size: 32_000,
}

test('Mixtral-8x7B resolves, with as many weights as are published', () => {
  expect(requireArchitecture(mixtral8x7b)).toBe(mixtral)
  const spec = mixtral.spec(mixtral8x7b)
  const elements = mixtral.weights(spec).map(({ shape }) => shape.reduce((product, size) => product * size, 1))
  expect(elements.reduce((sum, size) => sum + size, 0)).toBe(46_702_792_704)
  expect(spec).toMatchObject({ modelType: 'mixtral', slidingWindowTokens: null, contextTokens: 32_768 })
  expect(spec.layers.length).toBe(32)
  expect(spec.layers[31]?.feedForward).toEqual({
    kind: 'experts',
    size: 14_336,
    activation: 'silu',
    count: 8,
    chosen: 2,
    router: 'model.layers.31.moe.gate',
    gateUp: 'model.layers.31.moe.e1_e3',
    down: 'model.layers.31.moe.e2',
  })
})

/**
 * What mlc-llm (commit 01ced331a9e155c5ba4e7625b027a51bee611450) builds for q4f16_1 and one layer, written down from its definitions, in the order in
 * which the modules register their parameters:
 * - model/mixtral/mixtral_model.py: a layer = self_attn (as Llama's), moe (gate: Linear hidden -> experts, e1_e3: MixtralExperts hidden -> 2 *
 *   intermediate, e2: MixtralExperts intermediate -> hidden), input_layernorm, post_attention_layernorm.
 * - nn/expert.py: weight [experts, out, in].
 * - quantization/group_quantization.py: experts become q_weight uint32 [experts, out, 4 * ceildiv(in, 32)] and q_scale [experts, out,
 *   ceildiv(in, 32)]; a Linear named gate with few outputs (is_moe_gate) keeps `weight` in model_dtype.
 */
test('names, shapes, dtypes and order of the parameters of Mixtral in q4f16_1 are those of mlc-llm', () => {
  const spec = mixtral.spec({ ...mixtral8x7b, num_hidden_layers: 1 })
  const stored = parametersOfModel(mixtral.weights(spec), 'q4f16_1').map(({ name, shape, dtype }) => [
    name,
    shape,
    dtype,
  ])
  const quantized = (name: string, ...rows: number[]) => {
    const inputs = rows.pop() ?? 0
    return [
      [`${name}.q_weight`, [...rows, inputs / 8], 'uint32'],
      [`${name}.q_scale`, [...rows, inputs / 32], 'float16'],
    ]
  }
  expect(stored).toEqual([
    ...quantized('model.embed_tokens', 32_000, 4096),
    ...quantized('model.layers.0.self_attn.qkv_proj', 6144, 4096),
    ...quantized('model.layers.0.self_attn.o_proj', 4096, 4096),
    ['model.layers.0.moe.gate.weight', [8, 4096], 'float16'],
    ...quantized('model.layers.0.moe.e1_e3', 8, 28_672, 4096),
    ...quantized('model.layers.0.moe.e2', 8, 4096, 14_336),
    ['model.layers.0.input_layernorm.weight', [4096], 'float16'],
    ['model.layers.0.post_attention_layernorm.weight', [4096], 'float16'],
    ['model.norm.weight', [4096], 'float16'],
    ...quantized('lm_head', 32_000, 4096),
  ])
})

test('experts stack w1 and w3, and w2, expert by expert, as mixtral_loader.py does', () => {
  const rules = mixtral.weights(mixtral.spec({ ...mixtral8x7b, num_local_experts: 3 }))
  const sourcesOf = (name: string) => rules.find((rule) => rule.name === name)?.sources
  const at = 'model.layers.7.block_sparse_moe'
  expect(sourcesOf('model.layers.7.moe.e1_e3.weight')).toEqual([
    { tensor: `${at}.experts.0.w1.weight`, shape: [14_336, 4096] },
    { tensor: `${at}.experts.0.w3.weight`, shape: [14_336, 4096] },
    { tensor: `${at}.experts.1.w1.weight`, shape: [14_336, 4096] },
    { tensor: `${at}.experts.1.w3.weight`, shape: [14_336, 4096] },
    { tensor: `${at}.experts.2.w1.weight`, shape: [14_336, 4096] },
    { tensor: `${at}.experts.2.w3.weight`, shape: [14_336, 4096] },
  ])
  expect(sourcesOf('model.layers.7.moe.e2.weight')).toEqual([
    { tensor: `${at}.experts.0.w2.weight`, shape: [4096, 14_336] },
    { tensor: `${at}.experts.1.w2.weight`, shape: [4096, 14_336] },
    { tensor: `${at}.experts.2.w2.weight`, shape: [4096, 14_336] },
  ])
  expect(sourcesOf('model.layers.7.moe.gate.weight')).toEqual([{ tensor: `${at}.gate.weight`, shape: [3, 4096] }])
})

test('every tensor of a published-style checkpoint is used once, in its shape', async () => {
  const folder = new URL('../../fixtures/reference/cases/mixtral/', import.meta.url)
  const file = await readFile(new URL('model.safetensors', folder))
  const header: Readonly<Record<string, { readonly shape: readonly number[] }>> = JSON.parse(
    file.toString('utf8', 8, 8 + Number(file.readBigUInt64LE(0))),
  )
  const stored = Object.entries(header).flatMap(([name, { shape }]) => (name === '__metadata__' ? [] : [[name, shape]]))
  const config: unknown = JSON.parse(await readFile(new URL('config.json', folder), 'utf8'))
  const sources = mixtral.weights(mixtral.spec(config)).flatMap((rule) => rule.sources)
  expect(sources.map(({ tensor, shape }) => [tensor, shape]).sort()).toEqual(stored.sort())
})

test("absent fields are those of transformers' MixtralConfig", () => {
  const {
    num_experts_per_tok: _,
    num_local_experts: __,
    rope_theta: ___,
    sliding_window: ____,
    num_key_value_heads: _____,
    ...bare
  } = mixtral8x7b
  expect(mixtral.spec({ ...bare, num_hidden_layers: 1 })).toEqual(
    mixtral.spec({ ...mixtral8x7b, num_hidden_layers: 1 }),
  )
})

describe('a configuration is refused by the name of its field:', () => {
  test.each<[object, RegExp]>([
    [{ num_local_experts: 0 }, /num_local_experts/],
    [{ num_local_experts: 1e6 }, /num_local_experts/],
    [{ num_experts_per_tok: 9 }, /num_experts_per_tok: 9 of 8 experts/],
    [{ num_experts_per_tok: 0 }, /num_experts_per_tok/],
    [{ intermediate_size: 14_335 }, /intermediate_size/],
    [{ hidden_act: 'gelu' }, /hidden_act/],
  ])('%j', (change, message) => {
    expect(() => mixtral.spec({ ...mixtral8x7b, ...change })).toThrow(CompileError)
    expect(() => mixtral.spec({ ...mixtral8x7b, ...change })).toThrow(message)
  })
})
