// What one decoded token costs, by arithmetic over the plan: launches, and bytes of weights and cache read.
import type { DecoderSpec, WeightRule } from '../../shared/compiler/architectures/spec.ts'
import type { LibraryTarget, WeightFormat } from '../../shared/compiler/kernels/target.ts'
import type { LibraryPlan } from '../../shared/compiler/library/plan.ts'
import { bytesPerToken, needsOf } from '../../shared/fit/needs.ts'

export interface TokenTraffic {
  /** embed, decode, softmax and sampling. */
  readonly launches: number
  /** Of the decode program, its head left out. */
  readonly launchesPerLayer: number
  readonly weightBytes: number
  readonly cacheBytes: number
}

const sampled = ['embed', 'decode', 'batch_decode', 'softmax_with_temperature', 'sample_with_top_p']

export interface TrafficModel {
  readonly spec: DecoderSpec
  readonly rules: readonly WeightRule[]
  readonly format: WeightFormat
  readonly target: LibraryTarget
}

/** Traffic of a token decoded with `contextTokens` keys in the cache. Of experts the chosen ones count, of an embedding one row. */
export function tokenTraffic(plan: LibraryPlan, model: TrafficModel, contextTokens: number): TokenTraffic {
  const launchesOf = (name: string) =>
    (plan.programs.find((program) => program.name === name)?.launches ?? []).filter(
      ({ only }) => only === undefined || (only.minimum <= contextTokens && contextTokens <= only.maximum),
    ).length
  const needs = needsOf(model.spec, model.rules, model)
  const decode = launchesOf('decode') + launchesOf('batch_decode')
  return {
    launches: sampled.reduce((sum, name) => sum + launchesOf(name), 0),
    launchesPerLayer: (decode - 1) / model.spec.layers.length,
    weightBytes: needs.weightsBytesPerToken,
    cacheBytes: bytesPerToken(needs, contextTokens) - needs.weightsBytesPerToken,
  }
}
