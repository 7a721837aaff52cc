// Launches of one decoded token, for a layer of every architecture in a published shape: a change that adds one shows here.
import { describe, expect, test } from 'vitest'
import { decoderPlan } from '../../../shared/compiler/graph/decoder.ts'
import { libraryTargets } from '../../../shared/compiler/kernels/target.ts'
import { sliceSpec, slices } from '../../bench/slice.ts'

/** Beside the five of a layer and the one of the head: experts choose in a launch of their own; the others open the pass or follow a half. */
const more: Readonly<Record<string, number>> = {
  'mistralai/Mixtral-8x7B-v0.1': 1, // routing
  'bigscience/bloom-7b1': 1, // norm of the embedding
  'facebook/opt-6.7b': 1, // learned positions
  'openai-community/gpt2-xl': 1, // learned positions
  'THUDM/chatglm-6b': 4, // end of the prefix, its positions, two norms that the residual stream goes through
}

describe.for(slices)('$repository', (slice) => {
  test.for(libraryTargets)(
    '%s: five launches per layer and token, one for the head, and what is its own',
    async (target) => {
      const { spec, rules } = await sliceSpec(slice)
      const plan = decoderPlan({ spec, rules, format: 'q4f16_1', target, chunkTokens: 128, contextTokens: 1024 })
      const decode = plan.programs.find(({ name }) => name === 'decode' || name === 'batch_decode')
      const launchesAt = (occupied: number) =>
        decode?.launches.filter(
          ({ only }) => only === undefined || (only.minimum <= occupied && occupied <= only.maximum),
        ).length
      const expected = 5 * spec.layers.length + 1 + (more[slice.repository] ?? 0)
      const attends = spec.layers.filter(({ mixer }) => mixer.kind === 'attention').length
      expect([launchesAt(256), launchesAt(257)]).toEqual([expected, expected + attends])
    },
  )
})
