// What one decoded token costs, by arithmetic over the plan: launches, and bytes of weights and cache read.
import type { Parameter } from '../../shared/compiler/architectures/spec.ts'
import { parameterBytes } from '../../shared/compiler/graph/memory.ts'
import type { LibraryPlan } from '../../shared/compiler/library/plan.ts'

export interface TokenTraffic {
  /** embed, decode, softmax and sampling. */
  readonly launches: number
  readonly launchesPerLayer: number
  readonly weightBytes: number
  readonly cacheBytes: number
}

const sampled = ['embed', 'decode', 'softmax_with_temperature', 'sample_with_top_p']

/** Traffic of a token decoded with `contextTokens` keys in the cache. An embedding row is counted as one row, all other parameters as whole. */
export function tokenTraffic(
  plan: LibraryPlan,
  params: readonly Parameter[],
  model: { readonly layers: number; readonly cacheBytesPerToken: number },
  contextTokens: number,
): TokenTraffic {
  const launchesOf = (name: string) =>
    (plan.programs.find((program) => program.name === name)?.launches ?? []).filter(
      ({ only }) => only === undefined || (only.minimum <= contextTokens && contextTokens <= only.maximum),
    )
  const decode = launchesOf('decode')
  const read = new Set(
    decode.flatMap(({ buffers }) => buffers.flatMap((buffer) => (buffer.kind === 'param' ? [buffer.index] : []))),
  )
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  return {
    launches: sum(sampled.map((name) => launchesOf(name).length)),
    launchesPerLayer: (decode.length - 1) / model.layers,
    weightBytes: sum(params.map((param, index) => (read.has(index) ? parameterBytes(param) : 0))),
    cacheBytes: contextTokens * model.cacheBytesPerToken,
  }
}
