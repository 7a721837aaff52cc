// ChatGLM-6B as published (THUDM/chatglm-6b config.json), its plan, and what a configuration may not ask for.
import { expect, test } from 'vitest'
import { requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import { decoderPlan } from '../../../shared/compiler/graph/decoder.ts'
import { planMemory } from '../../../shared/compiler/graph/memory.ts'
import { parametersOfModel } from '../../../shared/compiler/graph/parameters.ts'
import { libraryTargets } from '../../../shared/compiler/kernels/target.ts'
import { checkPlan } from '../../../shared/compiler/library/checkPlan.ts'
import { CompileError } from '../../../shared/errors.ts'

const published = {
  architectures: ['ChatGLMModel'],
  bos_token_id: 130_004,
  eos_token_id: 130_005,
  gmask_token_id: 130_001,
  mask_token_id: 130_000,
  pad_token_id: 3,
  hidden_size: 4096,
  inner_hidden_size: 16_384,
  layernorm_epsilon: 1e-5,
  max_sequence_length: 2048,
  model_type: 'chatglm',
  num_attention_heads: 32,
  num_layers: 28,
  position_encoding_2d: true,
  vocab_size: 130_528,
}

function specOf(change: object) {
  const config = { ...published, ...change }
  return requireArchitecture(config).spec(config)
}

test('the published configuration', () => {
  const spec = specOf({})
  expect(spec).toMatchObject({
    contextTokens: 2048,
    prefix: { startTokenId: 130_004, maskTokenIds: [130_001, 130_000] },
    head: { tied: false, norm: { name: 'transformer.final_layernorm' } },
    eosTokenIds: [130_005],
  })
  expect(spec.layers).toHaveLength(28)
  expect(spec.layers[27]).toMatchObject({
    arrangement: 'normedResidual',
    residualScale: Math.sqrt(56),
    mixer: { headSize: 128, rope: { size: 64, planes: 2 }, qkv: { bias: true } },
    feedForward: { kind: 'plain', size: 16_384, activation: 'geluTanh' },
  })
})

test('masks that only the code of the first revisions named are found from bos', () => {
  const masks = { gmask_token_id: undefined, mask_token_id: undefined }
  expect(specOf({ ...masks, bos_token_id: 150_004, eos_token_id: 150_005, vocab_size: 150_528 }).prefix).toEqual({
    startTokenId: 150_004,
    maskTokenIds: [150_001, 150_000],
  })
})

test.for([
  [{ position_encoding_2d: false }, 'position_encoding_2d'],
  [{ pre_seq_len: 128 }, 'pre_seq_len'],
  [{ quantization_bit: 4 }, 'quantization_bit'],
  [{ bos_token_id: undefined }, 'bos_token_id'],
  [{ gmask_token_id: 130_528 }, 'gmask_token_id'],
  [{ num_attention_heads: 31 }, 'num_attention_heads'],
] as const)('refused: %o', ([change, field]) => {
  expect(() => specOf(change)).toThrow(CompileError)
  expect(() => specOf(change)).toThrow(field)
})

test.each(libraryTargets)('%s: two launches more for the prefix, none in a layer', (target) => {
  const architecture = requireArchitecture(published)
  const spec = architecture.spec(published)
  const rules = architecture.weights(spec)
  const model = { spec, rules, format: 'q4f16_1', chunkTokens: 2048, contextTokens: 2048 } as const
  const plan = decoderPlan({ ...model, target })
  checkPlan(plan)
  const program = (name: string) => plan.programs.find((one) => one.name === name)?.launches ?? []
  expect(program('embed').map(({ kernel }) => kernel.name)).toEqual(['embedding', 'keep_ids'])
  // Norm, queries to cache, attention, output; norm, up, down.
  const decode = program('decode').filter(({ only }) => only === undefined || only.minimum === 0)
  expect(decode).toHaveLength(2 + 28 * 7 + 1)
  const memory = planMemory(plan, parametersOfModel(rules, model.format), { ...model, sliding: false })
  console.info(`${target}: working memory ${memory.workingBytes}`)
  expect(memory.workingBytes).toBeGreaterThan(2048 * 4 * (2 * 4096 + 5 * 4096 + 16_384))
  expect(memory.workingBytes).toBeLessThan(400e6)
})
