// Plans of recurrent models in their published sizes: launches, states, and memory that does not grow with the context.
import { expect, test } from 'vitest'
import { requireArchitecture } from '../../../shared/compiler/architectures/index.ts'
import { decoderPlan } from '../../../shared/compiler/graph/decoder.ts'
import { planMemory } from '../../../shared/compiler/graph/memory.ts'
import { parametersOfModel } from '../../../shared/compiler/graph/parameters.ts'
import { libraryTargets } from '../../../shared/compiler/kernels/target.ts'
import { checkPlan } from '../../../shared/compiler/library/checkPlan.ts'
import type { LibraryPlan } from '../../../shared/compiler/library/plan.ts'

const mamba = {
  d_model: 2560,
  n_layer: 64,
  vocab_size: 50_277,
  ssm_cfg: {},
  rms_norm: true,
  pad_vocab_size_multiple: 8,
}
const layers = (first: number) => Array.from({ length: 16 }, (_, index) => 2 * index + first)
const stripedHyena = {
  model_type: 'stripedhyena',
  vocab_size: 32_000,
  hidden_size: 4096,
  attn_layer_idxs: layers(1),
  hyena_layer_idxs: layers(0),
  num_layers: 32,
  num_attention_heads: 32,
  proj_groups: 4,
  inner_mlp_size: 14_336,
}

function modelOf(config: object, contextTokens: number) {
  const architecture = requireArchitecture(config)
  const spec = architecture.spec(config)
  const rules = architecture.weights(spec)
  return { spec, rules, format: 'q4f16_1' as const, chunkTokens: 512, contextTokens }
}

/** Launches of a pass while the cache holds so many keys. */
function launchesOf(plan: LibraryPlan, name: string, occupied: number): number {
  const program = plan.programs.find((candidate) => candidate.name === name)
  if (program === undefined) throw new Error(`no program ${name}`)
  return program.launches.filter(({ only }) => !only || (only.minimum <= occupied && occupied <= only.maximum)).length
}

function memoryOf(config: object, contextTokens: number) {
  const model = modelOf(config, contextTokens)
  const plan = decoderPlan({ ...model, target: 'half' })
  return planMemory(plan, parametersOfModel(model.rules, model.format), { ...model, sliding: false })
}

test.each(libraryTargets)(
  '%s: Mamba has a recurrent state alone, five launches per layer and token, seven in a chunk',
  (target) => {
    const plan = decoderPlan({ ...modelOf(mamba, 2048), target })
    checkPlan(plan)
    expect(plan.state).toEqual({ kind: 'rnn_state', chunkTokens: 512 })
    expect(plan.metadata.kv_state_kind).toBe('rnn_state')
    expect(plan.constants).toEqual([])
    expect(launchesOf(plan, 'decode', 0)).toBe(64 * 5 + 1)
    expect(launchesOf(plan, 'prefill', 0)).toBe(64 * 7 + 1)
  },
)

test.each(libraryTargets)(
  '%s: StripedHyena has both states, three launches for a filter where attention takes three',
  (target) => {
    const plan = decoderPlan({ ...modelOf(stripedHyena, 4096), target })
    checkPlan(plan)
    expect(plan.state).toEqual({ kind: 'hybrid' })
    expect(plan.metadata.kv_state_kind).toBe('hybrid')
    // web-llm asks for these names.
    expect(launchesOf(plan, 'batch_decode', 100)).toBe(32 * 5 + 1)
    expect(launchesOf(plan, 'batch_decode', 300)).toBe(16 * 5 + 16 * 6 + 1)
    expect(launchesOf(plan, 'batch_prefill', 300)).toBeLessThanOrEqual(32 * 9 + 1)
  },
)

test('a recurrent state is the same for every context, and small', () => {
  const short = memoryOf(mamba, 256)
  expect(memoryOf(mamba, 65_536).cacheBytes).toBe(short.cacheBytes)
  // 64 layers of 5120 channels with 16 numbers of state and 3 inputs of the convolution, in float32.
  expect(short.cacheBytes).toBe(64 * 5120 * (16 + 3) * 4)
})

test('beside keys and values, filters keep two complex numbers and two inputs of three channels each', () => {
  const attention = 16 * 2 * 8 * 128 * 2
  const filters = 16 * 4096 * (2 * 8 + 2 * 3 * 4)
  expect(memoryOf(stripedHyena, 4096).cacheBytes).toBe(4096 * attention + filters)
})
