// What one decoded token reads: the speed of a model is bounded by it.
import type { DecoderSpec, WeightRule } from '../architectures/spec.ts'
import type { WeightFormat } from '../kernels/target.ts'
import type { LibraryPlan } from '../library/plan.ts'
import { parameterBytes } from './memory.ts'
import { parametersOf } from './parameters.ts'

/**
 * Bytes of weights: of experts only the chosen ones, of the embedding and of learned positions a row. `isReadBesides` names tensors that the plan leaves out
 * although the model reads them.
 */
export function weightsReadPerToken(
  plan: LibraryPlan,
  spec: DecoderSpec,
  rules: readonly WeightRule[],
  format: WeightFormat,
  isReadBesides: (tensorName: string) => boolean = () => false,
): number {
  const decode = plan.programs.find(({ name }) => name === 'decode' || name === 'batch_decode')
  if (decode === undefined) throw new Error('the plan decodes nothing')
  const read = new Set(
    decode.launches.flatMap(({ buffers }) =>
      buffers.flatMap((buffer) => (buffer.kind === 'param' ? [buffer.index] : [])),
    ),
  )
  const params = rules.flatMap((rule) => parametersOf(rule, format).map((param) => ({ param, rule })))
  return params.reduce((total, { param, rule }, index) => {
    if (!read.has(index) && !isReadBesides(rule.name)) return total
    return total + parameterBytes(param) * shareRead(spec, rule)
  }, 0)
}

/** The part of a tensor that one token reads. */
function shareRead({ layers, embedding }: DecoderSpec, { name }: WeightRule): number {
  const { positions } = embedding
  if (positions !== null && name === `${positions.name}.weight`) return 1 / positions.rows
  for (const { feedForward } of layers) {
    if (feedForward?.kind !== 'experts') continue
    if (name === `${feedForward.gateUp}.weight` || name === `${feedForward.down}.weight`)
      return feedForward.chosen / feedForward.count
  }
  return 1
}
