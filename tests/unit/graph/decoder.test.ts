import { expect, test } from 'vitest'
import { llama } from '../../../shared/compiler/architectures/llama.ts'
import { decoderPlan } from '../../../shared/compiler/graph/decoder.ts'
import { planMemory } from '../../../shared/compiler/graph/memory.ts'
import { parametersOfModel } from '../../../shared/compiler/graph/parameters.ts'
import { libraryTargets, weightFormats } from '../../../shared/compiler/kernels/target.ts'
import type { LibraryPlan } from '../../../shared/compiler/library/plan.ts'

const config = {
  model_type: 'llama',
  hidden_size: 4096,
  intermediate_size: 11_008,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 32,
  vocab_size: 32_000,
  max_position_embeddings: 4096,
  rms_norm_eps: 1e-5,
  hidden_act: 'silu',
}
const spec = llama.spec(config)
const rules = llama.weights(spec)
const shape = { spec, rules, chunkTokens: 512, contextTokens: 4096 }

function program(plan: LibraryPlan, name: string) {
  const found = plan.programs.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`no program ${name}`)
  return found
}

function launchesAt(plan: LibraryPlan, occupied: number): number {
  return program(plan, 'decode').launches.filter(
    ({ only }) => only === undefined || (only.minimum <= occupied && occupied <= only.maximum),
  ).length
}

for (const target of libraryTargets) {
  test(`${target}: a decoded token takes 5 launches per layer, 6 once attention is split, and one for the head`, () => {
    const plan = decoderPlan({ ...shape, format: 'q4f16_1', target })
    expect([launchesAt(plan, 1), launchesAt(plan, 256), launchesAt(plan, 257), launchesAt(plan, 4096)]).toEqual([
      32 * 5 + 1,
      32 * 5 + 1,
      32 * 6 + 1,
      32 * 6 + 1,
    ])
  })

  for (const format of weightFormats) {
    test(`${target} ${format}: launches fit their kernels, and prefill and decode together read every parameter`, () => {
      const plan = decoderPlan({ ...shape, format, target })
      const read = new Set<number>()
      for (const { kernel, buffers, scalars } of plan.programs.flatMap(({ launches }) => launches)) {
        expect([kernel.name, buffers.length, scalars.length]).toEqual([
          kernel.name,
          kernel.bindings.length,
          kernel.scalars.length,
        ])
        for (const buffer of buffers) if (buffer.kind === 'param') read.add(buffer.index)
        const writable = buffers.filter((_, index) => kernel.bindings[index]?.access === 'read_write')
        const aliases = writable.filter((one) => buffers.filter((other) => sameBuffer(one, other)).length > 1)
        expect(aliases).toEqual([])
      }
      expect(read.size).toBe(plan.params.length)
    })
  }
}

function sameBuffer(a: { kind: string; index: number }, b: { kind: string; index: number }): boolean {
  return a.kind === b.kind && a.index === b.index
}

test('memory of a 7B plan is the arithmetic of its shapes', () => {
  const plan = decoderPlan({ ...shape, format: 'q4f16_1', target: 'portable' })
  const params = parametersOfModel(rules, 'q4f16_1')
  const memory = planMemory(plan, params, { contextTokens: 4096, chunkTokens: 512, sliding: false })
  const matrices = 2 * 32_000 * 4096 + 32 * (4 * 4096 * 4096 + 3 * 4096 * 11_008)
  const norms = 65 * 4096
  expect(memory.weightsBytes).toBe((matrices / 32) * 18 + norms * 2)
  expect(memory.cacheBytes).toBe(32 * 2 * 4096 * 4096 * 4)
})

test('equal options give an equal plan', () => {
  const options = { ...shape, format: 'q4f16_1', target: 'software' } as const
  expect(decoderPlan(options)).toEqual(decoderPlan(options))
})
