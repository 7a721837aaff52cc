// The plan of Mixtral-8x7B at its published size.
import { expect, test } from 'vitest'
import { mixtral } from '../../../shared/compiler/architectures/mixtral.ts'
import { decoderPlan } from '../../../shared/compiler/graph/decoder.ts'
import { evaluateCount, parameterBytes, planMemory } from '../../../shared/compiler/graph/memory.ts'
import { parametersOfModel } from '../../../shared/compiler/graph/parameters.ts'
import { libraryTargets, weightFormats } from '../../../shared/compiler/kernels/target.ts'
import { checkPlan } from '../../../shared/compiler/library/checkPlan.ts'

const spec = mixtral.spec({
  model_type: 'mixtral',
  hidden_size: 4096,
  intermediate_size: 14_336,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  num_local_experts: 8,
  num_experts_per_tok: 2,
  vocab_size: 32_000,
  max_position_embeddings: 32_768,
})
const rules = mixtral.weights(spec)
const planOf = (target: (typeof libraryTargets)[number], format: (typeof weightFormats)[number]) =>
  decoderPlan({ spec, rules, format, target, chunkTokens: 512, contextTokens: 4096 })

for (const target of libraryTargets) {
  test(`${target}: a decoded token takes 6 launches per layer, and every plan holds`, () => {
    for (const format of weightFormats) checkPlan(planOf(target, format))
    const decode = planOf(target, 'q4f16_1').programs.find(({ name }) => name === 'decode')
    const short = decode?.launches.filter(({ only }) => only === undefined || only.minimum <= 1)
    expect(short?.length).toBe(32 * 6 + 1)
  })

  test(`${target}: the slots hold the tiles that a whole chunk can need`, () => {
    const plan = planOf(target, 'q4f16_1')
    const bytesOf = (name: string) => {
      const slot = plan.slots.find((candidate) => candidate.name === name)
      if (slot === undefined) throw new Error(`no slot ${name}`)
      return evaluateCount(slot.sizeBytes, new Map([['chunk', 512]]))
    }
    const prefill = plan.programs.find(({ name }) => name === 'prefill')
    const product = prefill?.launches.find(({ kernel }) => kernel.name === 'experts_down_prefill')
    const tiles = product === undefined ? 0 : evaluateCount(product.grid[1], new Map([['tokens', 512]]))
    expect(tiles).toBeGreaterThan(0)
    expect(bytesOf('expert_tiles')).toBe(4 * tiles)
    expect(bytesOf('expert_choices')).toBe((target === 'software' ? 4 : 64) * 4 * tiles)
    expect(bytesOf('expert_inner')).toBe(512 * 2 * 14_336 * 4)
    expect(bytesOf('expert_outer')).toBe(512 * 2 * 4096 * 4)
  })
}

test('in 4 bits it takes 26 GB, and its largest binding is below the 1 GiB that web-llm asks adapters for; unquantized it is not', () => {
  const largest = (format: (typeof weightFormats)[number]) =>
    Math.max(...parametersOfModel(rules, format).map(parameterBytes))
  expect(largest('q4f16_1')).toBe((8 * 2 * 14_336 * 4096) / 2)
  expect(largest('q4f32_1')).toBeLessThan(2 ** 30)
  expect(largest('q0f16')).toBeGreaterThan(2 ** 30)
  const memory = planMemory(planOf('portable', 'q4f16_1'), parametersOfModel(rules, 'q4f16_1'), {
    contextTokens: 4096,
    chunkTokens: 512,
    sliding: false,
  })
  // 46.7e9 weights, all but routers and norms in groups of 32 that take 18 bytes.
  const floats = 32 * 8 * 4096 + 65 * 4096
  expect(memory.weightsBytes).toBe(((46_702_792_704 - floats) / 32) * 18 + floats * 2)
})
