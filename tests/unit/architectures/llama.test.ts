// How a Llama's config.json is read: defaults, rotary settings, and what is refused by the name of its field.
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import { llama } from '../../../shared/compiler/architectures/llama.ts'
import { CompileError } from '../../../shared/errors.ts'
import { llama2 } from '../../support/llama2.ts'

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

test('the reference checkpoints resolve', async () => {
  for (const name of ['llama-mha', 'llama-gqa', 'llama-linear-rope-tied', 'llama-attnbias', 'llama-bf16-sharded']) {
    const path = new URL(`../../fixtures/reference/cases/${name}/config.json`, import.meta.url)
    const config: unknown = JSON.parse(await readFile(path, 'utf8'))
    expect(requireArchitecture(config).spec(config).layers.length).toBe(2)
  }
})
