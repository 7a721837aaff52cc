// The configurations are those of the published repositories, as far as two sources agree on them: mlc-llm's and litgpt's configuration tables.
import { describe, expect, test } from 'vitest'
import { requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import { llama } from '../../../shared/compiler/architectures/llama.ts'
import { mistral } from '../../../shared/compiler/architectures/mistral.ts'
import { CompileError } from '../../../shared/errors.ts'

/** config.json of mistralai/Mistral-7B-v0.1 as transformers 4.34 writes it. */
const mistral7b = {
  architectures: ['MistralForCausalLM'],
  model_type: 'mistral',
  bos_token_id: 1,
  eos_token_id: 2,
  hidden_act: 'silu',
  hidden_size: 4096,
  initializer_range: 0.02,
  intermediate_size: 14_336,
  max_position_embeddings: 32_768,
  num_attention_heads: 32,
  num_hidden_layers: 32,
  num_key_value_heads: 8,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  sliding_window: 4096,
  tie_word_embeddings: false,
  torch_dtype: 'bfloat16',
  use_cache: true,
  vocab_size: 32_000,
}

const weightsOf = (config: unknown) => {
  const { spec, weights } = requireArchitecture(config)
  return weights(spec(config)).reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0)
}

test.each([
  ['mistralai/Mistral-7B-v0.1', {}, 7_241_732_096],
  ['mistralai/Mistral-7B-Instruct-v0.1', {}, 7_241_732_096],
  ['mistralai/Mistral-7B-Instruct-v0.2', { rope_theta: 1e6, sliding_window: null }, 7_241_732_096],
  ['HuggingFaceH4/zephyr-7b-alpha', {}, 7_241_732_096],
  ['HuggingFaceH4/zephyr-7b-beta', { pad_token_id: 2 }, 7_241_732_096],
  ['teknium/OpenHermes-2-Mistral-7B', { vocab_size: 32_002, eos_token_id: 32_000 }, 7_241_748_480],
  ['teknium/OpenHermes-2.5-Mistral-7B', { vocab_size: 32_002, eos_token_id: 32_000 }, 7_241_748_480],
  ['openchat/openchat_3.5', { vocab_size: 32_002, eos_token_id: 32_000 }, 7_241_748_480],
  ['berkeley-nest/Starling-LM-7B-alpha', { vocab_size: 32_002, eos_token_id: 32_000 }, 7_241_748_480],
  ['Open-Orca/Mistral-7B-OpenOrca', { vocab_size: 32_002, eos_token_id: 32_000 }, 7_241_748_480],
] as const)('%s resolves, with as many weights as are published', (_, change, weights) => {
  const config = { ...mistral7b, ...change }
  expect(requireArchitecture(config)).toBe(mistral)
  expect(weightsOf(config)).toBe(weights)
  expect(mistral.spec(config)).toMatchObject({
    modelType: 'mistral',
    hiddenSize: 4096,
    contextTokens: 32_768,
    slidingWindowTokens: 'sliding_window' in change ? null : 4096,
    eosTokenIds: ['eos_token_id' in change ? 32_000 : 2],
  })
})

test('it is Llama with a window: layers, tensors and their sources are the same', () => {
  const asLlama = llama.spec(mistral7b)
  const spec = mistral.spec(mistral7b)
  expect(spec).toEqual({ ...asLlama, modelType: 'mistral', slidingWindowTokens: 4096 })
  expect(mistral.weights(spec)).toEqual(llama.weights(asLlama))
  expect(mistral.ignorable(spec)).toEqual(llama.ignorable(asLlama))
})

test('a window is kept though it exceeds the trained positions: a conversation may run past them', () => {
  expect(mistral.spec({ ...mistral7b, max_position_embeddings: 512 })).toMatchObject({
    contextTokens: 512,
    slidingWindowTokens: 4096,
  })
})

test("absent fields are those of transformers' MistralConfig", () => {
  const {
    max_position_embeddings: _,
    num_key_value_heads: __,
    rms_norm_eps: ___,
    sliding_window: ____,
    rope_theta: _____,
    ...bare
  } = mistral7b
  expect(mistral.spec(bare)).toMatchObject({
    contextTokens: 131_072,
    slidingWindowTokens: 4096,
    head: { norm: { epsilon: 1e-6 } },
    layers: Array.from({ length: 32 }, () => ({ mixer: { heads: 32, kvHeads: 8, rope: { theta: 10_000 } } })),
  })
})

describe('a window is refused by the name of its field:', () => {
  test.each([0, -1, 1.5, '4096', [4096]])('%j', (sliding_window) => {
    expect(() => mistral.spec({ ...mistral7b, sliding_window })).toThrow(CompileError)
    expect(() => mistral.spec({ ...mistral7b, sliding_window })).toThrow(/sliding_window/)
  })
})
